import type { Pause } from '@mobilenetv2/runtime'
import type { Scores } from './scores.js'

/** The scores of one picture, and the index of the right class among them. */
export interface LabelledScores {
  readonly scores: Scores
  readonly right: number
}

/** The least and the largest temperature. Without limits, a model that is always right would get 0. */
const [least, largest] = [0.05, 20]

const mostSteps = 100

interface Slopes {
  readonly first: number
  readonly second: number
}

/** The first and the second derivative of `lossOf` with respect to the scale. */
function slopesOf({ scores: { values, kind }, right }: LabelledScores, scale: number): Slopes {
  let [sum, first, second] = [0, 0, 0]
  if (kind === 'sigmoid') {
    for (const value of values) {
      const probability = 1 / (1 + Math.exp(-scale * value))
      first += probability * value
      second += probability * (1 - probability) * value * value
    }
    return { first: (first - values[right]!) / values.length, second: second / values.length }
  }
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) most = Math.max(most, value)
  for (const value of values) {
    // Relative to the largest logit, so that large squares do not cancel.
    const below = value - most
    const weight = Math.exp(scale * below)
    sum += weight
    first += weight * below
    second += weight * below * below
  }
  const mean = first / sum
  return { first: mean - (values[right]! - most), second: second / sum - mean * mean }
}

/**
 * The temperature with the least mean loss, 0.05 to 20: all logits are divided by it (Guo et al., arXiv 1706.04599, section 4.2). Above 1
 * the model's probabilities are too high, below 1 too low. The loss is a convex function of the reciprocal, the scale. Newton's method
 * finds the scale; where a step leaves the bracket, bisection replaces it.
 * @throws the signal's reason, through `pause`
 */
export async function fitTemperature(pictures: readonly LabelledScores[], pause: Pause): Promise<number> {
  const slopesAt = async (scale: number): Promise<Slopes> => {
    let [first, second] = [0, 0]
    for (const picture of pictures) {
      const slopes = slopesOf(picture, scale)
      first += slopes.first
      second += slopes.second
      await pause()
    }
    return { first, second }
  }
  let [low, high, scale] = [1 / largest, 1 / least, 1]
  if ((await slopesAt(low)).first >= 0) return largest
  if ((await slopesAt(high)).first <= 0) return least
  for (let step = 0; step < mostSteps; step++) {
    const { first, second } = await slopesAt(scale)
    if (first < 0) low = scale
    else high = scale
    const newton = scale - first / second
    const next = newton > low && newton < high ? newton : Math.sqrt(low * high)
    if (Math.abs(next - scale) <= 1e-9 * scale) return 1 / next
    scale = next
  }
  return 1 / scale
}
