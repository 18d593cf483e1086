import type { Pause } from '@mobilenetv2/runtime'
import { factorize, solveLower, solveUpper } from './cholesky.js'
import { gramOf } from './gram.js'
import { constant, createLinearMap, type Point } from './linear-map.js'
import type { Rows } from './rows.js'
import { someOf } from './some-of.js'

/** Multiplies a gradient by an estimate of the inverse Hessian, up to a factor: the loss then curves about alike in all directions. */
export type Precondition = (gradient: Point) => Promise<Point>

/** Most pictures from which the covariance of features is estimated. */
const mostPictures = 256

/**
 * The variance that is assumed in directions in which these pictures do not differ, as a share of the variance of all directions together.
 */
const unseen = 0.005

/**
 * The inverse covariance of some of the pictures, by Woodbury's identity (Z'Z + e)^-1 = (1 - Z' (ZZ' + e)^-1 Z) / e. The matrix that is
 * factorised has a row for each picture, not for each feature.
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
