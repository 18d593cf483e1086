import { quantile } from '../../spread.js'
import { losses } from './spiral.js'

/** What ReLU in `n` dimensions loses of the spiral, over many random matrices. */
export interface LossAt {
  readonly n: number
  readonly mean: number
  /** A tenth of the matrices loses less. */
  readonly low: number
  /** A tenth of the matrices loses more. */
  readonly high: number
}

/** The least and the greatest number of dimensions. */
export const fewest = 2
export const most = 50

/** Random matrices for each number of dimensions. */
export const matrices = 200

/** Milliseconds after which the page gets its turn. */
const turn = 8

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** The loss for each number of dimensions, one after the other, in short tasks, so that the page is not blocked. */
export async function* lossCurve(): AsyncGenerator<LossAt, void, void> {
  let start = performance.now()
  for (let n = fewest; n <= most; n++) {
    const values: number[] = []
    for (const value of losses(n, matrices)) {
      values.push(value)
      if (performance.now() - start > turn) {
        await pause()
        start = performance.now()
      }
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    yield { n, mean, low: quantile(values, 0.1), high: quantile(values, 0.9) }
  }
}
