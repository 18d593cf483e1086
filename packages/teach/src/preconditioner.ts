import type { Pause } from '@mobilenetv2/runtime'
import { factorize, solveLower, solveUpper } from './cholesky.js'
import { gramOf } from './gram.js'
import { constant, createLinearMap, type Point } from './linear-map.js'
import type { Rows } from './rows.js'
import { someOf } from './some-of.js'

/** Stretches a gradient so that the loss curves about alike in all directions. */
export type Precondition = (gradient: Point) => Promise<Point>

/** Pictures that tell in which directions features differ. */
const mostPictures = 256

/** What directions have that these pictures do not show, over the mean square of a picture about the mean. */
const unseen = 0.005

/**
 * The inverse covariance of some of the pictures: (Z'Z + e)^-1 = (1 - Z' (ZZ' + e)^-1 Z) / e, as Woodbury has it, so that only a matrix
 * of as many rows as pictures is factorised.
 */
export async function createPreconditioner(
  rows: Rows,
  labels: readonly number[],
  classes: number,
  pause: Pause,
): Promise<Precondition> {
  const chosen = someOf(Uint32Array.from(labels.keys()), labels, mostPictures)
  const count = chosen.length
  const map = await createLinearMap(rows, chosen, new Float64Array(count).fill(1), classes, pause)
  const gram = await gramOf(rows, chosen, pause)
  const means = new Float64Array(count)
  for (const [one, row] of gram.entries()) {
    for (const [other, product] of row.entries()) {
      means[one]! += product / count
      if (other < one) means[other]! += product / count
    }
  }
  await pause()
  const mean = means.reduce((sum, value) => sum + value, 0) / count
  let squares = 0
  for (const [one, row] of gram.entries()) {
    for (let other = 0; other <= one; other++) row[other]! += mean - means[one]! - means[other]! + constant * constant
    squares += row[one]!
  }
  const least = unseen * squares
  for (const [one, row] of gram.entries()) row[one]! += least
  await factorize(gram, pause)
  return async (gradient) => {
    const inside = await map.forward(gradient)
    for (let column = 0; column < classes; column++) {
      solveLower(gram, inside, classes, column)
      solveUpper(gram, inside, classes, column)
    }
    const seen = await map.backward(inside)
    return seen.map((value, at) => gradient[at]! - value)
  }
}
