import type { Pause } from '@mobilenetv2/runtime'
import { crossEntropyOnLine, type Judged } from './cross-entropy.js'
import { type Layer, logitsOf } from './layer.js'
import type { Rows } from './rows.js'

/** What a layer says of pictures whose classes are known. */
export interface Judgement extends Judged {
  /** `[pictures, classes]` */
  readonly logits: Float64Array
  /** The sum of all pictures' cross entropies, each as often as it counts. */
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

/** Judges by logits. */
export async function judgeLogits({ labels, weights }: Judged, logits: Float64Array, pause: Pause): Promise<Judgement> {
  const still = new Float64Array(logits.length)
  const { loss } = await crossEntropyOnLine({ labels, weights }, logits, still, 0, new Float64Array(logits.length), pause)
  return { labels, weights, logits, loss }
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
  return judgeLogits({ labels, weights }, await logitsOf(rows, pictures, layer, pause), pause)
}

/** The mean loss of all pictures. */
export function lossOf(judgements: readonly Judgement[]): number {
  const all = judgements.reduce((sum, { loss }) => sum + loss, 0)
  return all / judgements.reduce((sum, { weights }) => weights.reduce((total, weight) => total + weight, sum), 0)
}
