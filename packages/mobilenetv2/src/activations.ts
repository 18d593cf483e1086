// This file is imported lazily, because most pages want answers alone.
import { type Backend, type CompiledModel, type Global, type LayerId, type MobileNetV2Error, truncateAt } from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'
import { openNotFinite } from './not-finite.js'

/** The output of one layer for one picture: `height` x `width` positions of `channels` values. */
export interface LayerActivation {
  /** `[height, width, channels]`. */
  readonly values: Float32Array
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Looks at the outputs of the layers inside a network. */
export interface Activations {
  /** Runs the network up to a layer. */
  of(id: LayerId, pixels: Float32Array, signal?: Global<'AbortSignal'>): Promise<LayerActivation>
  /** The error for an input whose output is not finite. */
  explainNotFinite(pixels: Float32Array): Promise<MobileNetV2Error>
  dispose(): void
}

/**
 * The activations inside a network. When a layer is first asked for, the network up to it is compiled, and kept until `dispose`. A
 * run of the whole network cannot give inner activations: it does not keep them, and fused blocks never compute some of them.
 * @param throwIfDisposed throws if nothing may be compiled any more
 */
export function openActivations(backend: Backend, network: Network, throwIfDisposed: () => void): Activations {
  const { architecture, parameters, integers } = network
  const cuts = new Map<LayerId, Promise<CompiledModel>>()
  return {
    async of(id, pixels, signal) {
      throwIfDisposed()
      const cut = truncateAt(architecture, id)
      const compiled = cuts.get(id) ?? backend.compile(cut, parameters, integers)
      cuts.set(id, compiled)
      // The failure may be temporary, so the next call compiles again.
      compiled.catch(() => cuts.delete(id))
      const { logits } = await (await compiled).run(pixels, signal === undefined ? {} : { signal })
      const { height, width, channels } = cut.layers.at(-1)!.output
      return { values: logits, height, width, channels }
    },
    explainNotFinite: openNotFinite(backend, network, throwIfDisposed),
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
