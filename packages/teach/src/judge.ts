import type { Pause } from '@mobilenetv2/runtime'
import { crossEntropyOnLine, type Judged } from './cross-entropy.js'
import { type Layer, logitsOf } from './layer.js'
import type { Rows } from './rows.js'

/** The answers of a layer for pictures whose classes are known. */
export interface Judgement extends Judged {
  /** `[pictures, classes]` */
  readonly logits: Float64Array
  /** The sum of the cross entropies of all pictures, each times its weight. */
  readonly loss: number
}

/** The index of the largest logit of each picture. */
export function answersOf(logits: Float64Array, classes: number): Uint32Array {
  return Uint32Array.from({ length: logits.length / classes }, (_, picture) => {
    let best = 0
    for (let label = 1; label < classes; label++) {
      if (logits[picture * classes + label]! > logits[picture * classes + best]!) best = label
    }
    return best
  })
}

/** Computes the loss of logits. */
export async function judgeLogits({ labels, weights }: Judged, logits: Float64Array, pause: Pause): Promise<Judgement> {
  const still = new Float64Array(logits.length)
  const { loss } = await crossEntropyOnLine({ labels, weights }, logits, still, 0, new Float64Array(logits.length), pause)
  return { labels, weights, logits, loss }
}

/** Runs a layer on pictures, and computes its loss. */
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
  return judgeLogits({ labels, weights }, await logitsOf(rows, pictures, layer, pause), pause)
}

/** The mean loss of a picture. */
export function lossOf(judgements: readonly Judgement[]): number {
  const all = judgements.reduce((sum, { loss }) => sum + loss, 0)
  return all / judgements.reduce((sum, { weights }) => weights.reduce((total, weight) => total + weight, sum), 0)
}
