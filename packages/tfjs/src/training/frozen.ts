import { type Architecture, isWeighted, type Layer, type LayerId } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { disposeParameters, uploadParameters } from '../device-parameters.js'
import { runLayer } from '../run-layer.js'
import { foldParameters, type UnfoldedParameters } from './unfolded.js'

/** The input of the trained layers for one picture: what the frozen layers make of it. */
export interface Entry {
  /** The output of the last frozen layer, `[height, width, channels]`; the picture if no layer is frozen. */
  readonly before: Float32Array
  /** The outputs of frozen layers that trained layers add as residuals. */
  readonly shortcuts: ReadonlyMap<LayerId, Float32Array>
}

/** The layers before the trained ones, on the device. */
export interface FrozenLayers {
  /**
   * Runs the frozen layers.
   * @param pixels float32 `[height, width, 3]`
   */
  enter(pixels: Float32Array): Promise<Entry>
  dispose(): void
}

/**
 * Uploads the frozen layers of a network to the device. They run as in inference, one picture at a time, so that the result does not depend
 * on the batch.
 */
export function createFrozenLayers(
  architecture: Architecture,
  frozen: readonly Layer[],
  trained: readonly Layer[],
  parameters: UnfoldedParameters,
): FrozenLayers {
  const part = { ...architecture, layers: frozen }
  const ids = new Set(frozen.filter(isWeighted).map(({ id }) => id))
  const fixed = uploadParameters(part, foldParameters(part, new Map([...parameters].filter(([id]) => ids.has(id)))))
  const last = frozen.at(-1)!.id
  const added = new Set(
    trained.map(({ residual }) => residual).filter((id) => id !== null && frozen.some((layer) => layer.id === id)),
  )
  return {
    async enter(pixels) {
      const { height, width } = architecture.input
      const kept = tf.tidy(() => {
        const outputs: Partial<Record<LayerId, tf.Tensor>> = {}
        // A copy, because some backends read the array only when the first operation runs.
        let x: tf.Tensor = tf.tensor4d(pixels.slice(), [1, height, width, 3])
        for (const layer of frozen) {
          x = runLayer(layer, fixed, x, layer.residual === null ? null : outputs[layer.residual]!)
          outputs[layer.id] = x
        }
        return Object.fromEntries(Object.entries(outputs).filter(([id]) => id === last || added.has(id as LayerId)))
      })
      try {
        const arrays = new Map<string, Float32Array>()
        for (const [id, tensor] of Object.entries(kept)) arrays.set(id, (await tensor!.data<'float32'>()).slice())
        return {
          before: arrays.get(last)!,
          shortcuts: new Map([...arrays].filter(([id]) => added.has(id as LayerId))) as Map<LayerId, Float32Array>,
        }
      } finally {
        tf.dispose(kept)
      }
    },
    dispose: () => disposeParameters(fixed),
  }
}
