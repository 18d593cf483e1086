import type { Pause } from '@mobilenetv2/runtime'

/** The dot product of the first `length` numbers of two vectors. */
function dotOf(one: Float64Array, other: Float64Array, length: number): number {
  let sum = 0
  for (let at = 0; at < length; at++) sum += one[at]! * other[at]!
  return sum
}

/** Replaces the lower triangle of a positive definite matrix by its Cholesky factor. */
export async function factorize(triangle: readonly Float64Array[], pause: Pause): Promise<void> {
  for (const [at, row] of triangle.entries()) {
    for (let column = 0; column < at; column++) {
      const left = triangle[column]!
      row[column] = (row[column]! - dotOf(row, left, column)) / left[column]!
    }
    row[at] = Math.sqrt(row[at]! - dotOf(row, row, at))
    await pause()
  }
}

/** Solves `factor x = values` in place, for one column of `values`, which has `columns` columns. */
export function solveLower(factor: readonly Float64Array[], values: Float64Array, columns: number, column: number): void {
  for (const [at, row] of factor.entries()) {
    let value = values[at * columns + column]!
    for (let before = 0; before < at; before++) value -= row[before]! * values[before * columns + column]!
    values[at * columns + column] = value / row[at]!
  }
}

/** Solves `transposed factor x = values` in place, for one column of `values`, which has `columns` columns. */
export function solveUpper(factor: readonly Float64Array[], values: Float64Array, columns: number, column: number): void {
  for (let at = factor.length - 1; at >= 0; at--) {
    const row = factor[at]!
    const value = values[at * columns + column]! / row[at]!
    values[at * columns + column] = value
    for (let before = 0; before < at; before++) values[before * columns + column]! -= row[before]! * value
  }
}

/** The Cholesky factor of a matrix of products: rows that have these products, with as few numbers each as possible. */
export interface Factored {
  /** `[rows, rows]`: the coordinates of each row. From the rank of the matrix on they are zeros. */
  readonly coordinates: readonly Float64Array[]
  /** Rows that all others are combinations of. The row `pivots[n]` has n + 1 coordinates. */
  readonly pivots: readonly number[]
}

/** A row whose remaining square is less than this share of the largest square is a combination of the pivots, except for rounding. */
const leftOver = 1e-10

/**
 * The pivoted Cholesky factor of a matrix that need not have full rank. The next pivot is always the row with the largest remaining square.
 * @param triangle the lower triangle of the matrix
 */
export async function factorizePivoted(triangle: readonly Float64Array[], pause: Pause): Promise<Factored> {
  const count = triangle.length
  const coordinates = triangle.map(() => new Float64Array(count))
  const left = Float64Array.from(triangle, (row, at) => row[at]!)
  const least = leftOver * left.reduce((most, value) => Math.max(most, value), 0)
  const pivots: number[] = []
  for (let rank = 0; rank < count; rank++) {
    const pivot = left.reduce((most, value, at) => (value > left[most]! ? at : most), 0)
    if (!(left[pivot]! > least)) break
    const own = coordinates[pivot]!
    const root = Math.sqrt(left[pivot]!)
    for (const [at, row] of coordinates.entries()) {
      if (left[at]! < 0) continue
      const product = triangle[Math.max(at, pivot)]![Math.min(at, pivot)]!
      const value = (product - dotOf(row, own, rank)) / root
      row[rank] = value
      left[at]! -= value * value
      if (left[at]! < 0) left[at] = 0
    }
    own[rank] = root
    // Nothing is left of a pivot, and it gets no more coordinates.
    left[pivot] = -1
    pivots.push(pivot)
    await pause()
  }
  return { coordinates, pivots }
}
