// This file is imported lazily, because most pages want answers alone.
import { disposedError } from '@mobilenetv2/runtime'
import { type Backend, type CompiledModel, type Global, type LayerId, truncateAt } from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'

/** The output of one layer for one picture. */
export interface LayerActivation {
  /** `[height, width, channels]`. */
  readonly values: Float32Array
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Runs a network up to any of its layers. */
export interface Activations {
  of(id: LayerId, pixels: Float32Array, signal?: Global<'AbortSignal'>): Promise<LayerActivation>
  dispose(): void
}

/**
 * The activations inside a network. When a layer is first asked for, the network up to it is compiled, and kept until `dispose`. A
 * run of the whole network cannot give inner activations: it does not keep them, and fused blocks never compute some of them.
 */
export function openActivations(backend: Backend, { architecture, parameters }: Network): Activations {
  const cuts = new Map<LayerId, Promise<CompiledModel>>()
  let isDisposed = false
  return {
    async of(id, pixels, signal) {
      if (isDisposed) throw disposedError()
      const cut = truncateAt(architecture, id)
      const compiled = cuts.get(id) ?? backend.compile(cut, parameters)
      cuts.set(id, compiled)
      // A failure may pass: the next call compiles again.
      compiled.catch(() => cuts.delete(id))
      const { logits } = await (await compiled).run(pixels, signal === undefined ? {} : { signal })
      const { height, width, channels } = cut.layers.at(-1)!.output
      return { values: logits, height, width, channels }
    },
    dispose() {
      isDisposed = true
      for (const compiled of cuts.values())
        compiled.then(
          (model) => model.dispose(),
          () => {},
        )
      cuts.clear()
    },
  }
}
