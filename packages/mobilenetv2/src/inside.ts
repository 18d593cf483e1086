import { type Architecture, type Backend, type CompiledModel, type LayerId, type Parameters, truncateAt } from '@mobilenetv2/spec'

/** The output of one layer for one picture. */
export interface LayerActivation {
  /** `[height, width, channels]`. */
  readonly values: Float32Array
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Runs a network up to any of its layers. */
export interface InsideView {
  activation(id: LayerId, pixels: Float32Array, signal?: AbortSignal): Promise<LayerActivation>
  dispose(): void
}

/**
 * A view into a network: one cut at the layer, compiled when the layer is first asked for and kept until `dispose`. A whole run keeps
 * no inner activation: fused blocks never make some of them.
 */
export function openInside(backend: Backend, architecture: Architecture, parameters: Parameters): InsideView {
  const cuts = new Map<LayerId, Promise<CompiledModel>>()
  return {
    async activation(id, pixels, signal) {
      const cut = truncateAt(architecture, id)
      const compiled = cuts.get(id) ?? backend.compile(cut, parameters)
      cuts.set(id, compiled)
      const { logits } = await (await compiled).run(pixels, signal === undefined ? {} : { signal })
      const { height, width, channels } = cut.layers.at(-1)!.output
      return { values: logits, height, width, channels }
    },
    dispose() {
      for (const compiled of cuts.values())
        compiled.then(
          (model) => model.dispose(),
          () => {},
        )
      cuts.clear()
    },
  }
}
