import type { Pause } from '@mobilenetv2/runtime'
import { factorize, solveLower, solveUpper } from './cholesky.js'
import { gramOf } from './gram.js'
import { constant, createLinearMap, type Point } from './linear-map.js'
import type { Rows } from './rows.js'

/** Stretches a gradient so that the loss curves about alike in all directions. */
export type Precondition = (gradient: Point) => Promise<Point>

/** Pictures that tell in which directions features differ. */
const pictureCount = 512

/** What directions have that these pictures do not show, over the mean square of a picture about the mean. */
const unseen = 0.002

/**
 * The inverse covariance of some of the pictures: (Z'Z + e)^-1 = (1 - Z' (ZZ' + e)^-1 Z) / e, as Woodbury has it, so that only a matrix
 * of as many rows as pictures is factorised.
 * @param pictures the classes mixed
 */
export async function createPreconditioner(
  rows: Rows,
  pictures: Uint32Array,
  classes: number,
  pause: Pause,
): Promise<Precondition> {
  const step = Math.max(1, pictures.length / pictureCount)
  const count = Math.floor(pictures.length / step)
  const chosen = Uint32Array.from({ length: count }, (_, at) => pictures[Math.floor(at * step)]!)
  const map = await createLinearMap(rows, chosen, new Float64Array(count).fill(1), classes, pause)
  const gram = await gramOf(rows, chosen, pause)
  const means = gram.map(
    (_, one) => gram.reduce((sum, row, other) => sum + (other > one ? row[one]! : gram[one]![other]!), 0) / count,
  )
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
