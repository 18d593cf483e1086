import { type Architecture, isWeighted, type Layer, type LayerId } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { disposeParameters, uploadParameters } from '../device-parameters.js'
import { runLayer } from '../run-layer.js'
import type { Dataset } from './dataset.js'
import type { ReadEntry } from './entries.js'
import { foldParameters, type UnfoldedParameters } from './unfolded.js'

/** The measures of a network on pictures that it was not trained on. */
export interface Validation {
  /** The mean cross-entropy in nats, weighted by the class weights. */
  readonly loss: number
  /** The share of pictures whose class has the largest logit. */
  readonly accuracy: number
}

/** -log of the softmax of one logit. */
function crossEntropyOf(logits: Float32Array, label: number): number {
  const most = Math.max(...logits)
  return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) + most - logits[label]!
}

/**
 * Runs the trained layers as in inference, with BatchNorm folded, on the pictures of a dataset.
 * @param layers the trained layers
 * @param read gives the pictures as inputs of these layers
 * @param pause awaited after each picture
 * @param classWeights the weight of a picture of each class; null if all weigh 1
 */
export async function validate(
  architecture: Architecture,
  layers: readonly Layer[],
  parameters: UnfoldedParameters,
  { labels }: Dataset,
  read: ReadEntry,
  pause: () => Promise<void> | undefined,
  classWeights: readonly number[] | null,
): Promise<Validation> {
  const part = { ...architecture, layers }
  const ids = new Set(layers.filter(isWeighted).map(({ id }) => id))
  const folded = uploadParameters(part, foldParameters(part, new Map([...parameters].filter(([id]) => ids.has(id)))))
  const { height, width, channels } = layers[0]!.input
  let [loss, all, right] = [0, 0, 0]
  try {
    for (const [index, label] of labels.entries()) {
      const { before, shortcuts } = await read(index)
      const logits = tf.tidy(() => {
        const outputs = new Map<LayerId, tf.Tensor>()
        const added = (id: LayerId, { output }: Layer): tf.Tensor =>
          outputs.get(id) ?? tf.tensor4d(shortcuts.get(id)!, [1, output.height, output.width, output.channels])
        // After the pool, layers take rows.
        let x: tf.Tensor =
          layers[0]!.kind === 'dense' ? tf.tensor2d(before, [1, before.length]) : tf.tensor4d(before, [1, height, width, channels])
        for (const layer of layers) {
          x = runLayer(layer, folded, x, layer.residual === null ? null : added(layer.residual, layer))
          outputs.set(layer.id, x)
        }
        return x
      })
      try {
        const values = await logits.data<'float32'>()
        const weight = classWeights?.[label] ?? 1
        loss += weight * crossEntropyOf(values, label)
        all += weight
        if (values.indexOf(Math.max(...values)) === label) right += 1
      } finally {
        logits.dispose()
      }
      await pause()
    }
    return { loss: loss / all, accuracy: right / labels.length }
  } finally {
    disposeParameters(folded)
  }
}
