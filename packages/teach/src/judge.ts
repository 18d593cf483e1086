import type { Pause } from '@mobilenetv2/runtime'
import { crossEntropyOnLine } from './cross-entropy.js'
import { type Layer, logitsOf } from './layer.js'
import type { Rows } from './rows.js'

/** What a layer says of pictures whose classes are known. */
export interface Judgement {
  /** `[pictures]`, class indices */
  readonly labels: Uint32Array
  /** `[pictures]`, class indices: of the largest logits */
  readonly answers: Uint32Array
  /** The sum of all pictures' cross entropies, each as often as its class's weight says. */
  readonly loss: number
  /** The sum of the weights. */
  readonly weight: number
}

/** The index of the largest logit of each picture. */
function answersOf(logits: Float64Array, classes: number): Uint32Array {
  return Uint32Array.from({ length: logits.length / classes }, (_, picture) => {
    let best = 0
    for (let label = 1; label < classes; label++) {
      if (logits[picture * classes + label]! > logits[picture * classes + best]!) best = label
    }
    return best
  })
}

/** Asks a layer about pictures. */
export async function judge(
  rows: Rows,
  pictures: Uint32Array,
  allLabels: readonly number[],
  classWeights: readonly number[],
  layer: Layer,
  pause: Pause,
): Promise<Judgement> {
  const labels = pictures.map((picture) => allLabels[picture]!)
  const weights = Float64Array.from(labels, (label) => classWeights[label]!)
  const logits = await logitsOf(rows, pictures, layer, pause)
  const answers = answersOf(logits, classWeights.length)
  const none = new Float64Array(logits.length)
  const { loss } = await crossEntropyOnLine({ weights, labels }, logits, none, 0, new Float64Array(logits.length), pause)
  return { labels, answers, loss, weight: weights.reduce((sum, weight) => sum + weight, 0) }
}
