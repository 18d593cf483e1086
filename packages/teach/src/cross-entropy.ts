import type { Pause } from '@mobilenetv2/runtime'

/** The weights and the labels of pictures. */
export interface Judged {
  /** `[pictures]`: the factor of each picture's cross entropy. */
  readonly weights: Float64Array
  /** `[pictures]`: class indices. */
  readonly labels: Uint32Array
}

/** The loss at one place of a line of logits. */
export interface LossOnLine {
  /** The sum of the cross entropies of all pictures, each times its weight. */
  readonly loss: number
  /** The first derivative of the loss by the place on the line. */
  readonly slope: number
  /** The second derivative. */
  readonly curvature: number
}

/** Number of pictures between two pauses. */
const atOnce = 8192

/**
 * The cross entropy at `logits + place * change`.
 * @param logits `[pictures, classes]`
 * @param residuals `[pictures, classes]`, which is written: the derivatives of the loss by the logits
 */
export async function crossEntropyOnLine(
  { weights, labels }: Judged,
  logits: Float64Array,
  change: Float64Array,
  place: number,
  residuals: Float64Array,
  pause: Pause,
): Promise<LossOnLine> {
  const classes = logits.length / labels.length
  let [loss, slope, curvature] = [0, 0, 0]
  const work = (start: number, end: number): void => {
    for (let picture = start; picture < end; picture++) {
      const from = picture * classes
      const own = from + labels[picture]!
      const weight = weights[picture]!
      let most = -Infinity
      for (let at = from; at < from + classes; at++) {
        const value = logits[at]! + place * change[at]!
        residuals[at] = value
        if (value > most) most = value
      }
      const right = residuals[own]!
      let sum = 0
      for (let at = from; at < from + classes; at++) {
        const power = Math.exp(residuals[at]! - most)
        residuals[at] = power
        sum += power
      }
      let mean = 0
      let square = 0
      for (let at = from; at < from + classes; at++) {
        const probability = residuals[at]! / sum
        const own = change[at]!
        mean += probability * own
        square += probability * own * own
        residuals[at] = weight * probability
      }
      residuals[own]! -= weight
      loss += weight * (Math.log(sum) + most - right)
      slope += weight * (mean - change[own]!)
      curvature += weight * (square - mean * mean)
    }
  }
  for (let start = 0; start < labels.length; start += atOnce) {
    work(start, Math.min(start + atOnce, labels.length))
    await pause()
  }
  return { loss, slope, curvature }
}
