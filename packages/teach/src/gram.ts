import type { Pause } from '@mobilenetv2/runtime'
import { multiply, type Rows } from './rows.js'
import { scaleBy } from './vectors.js'

/** How many rows are multiplied at once. A larger number computes more products above the diagonal, which are thrown away. */
const block = 32

/**
 * The Gram matrix of rows: their dot products with each other.
 * @returns the lower triangle: `gram[one][other]` for `other` up to `one`
 */
export async function gramOf(rows: Rows, pictures: Uint32Array, pause: Pause): Promise<Float64Array[]> {
  const { width, values, scale } = rows
  const gram = Array.from(pictures, (_, one) => new Float64Array(one + 1))
  for (let start = 0; start < pictures.length; start += block) {
    const columns = Array.from(pictures.subarray(start, start + block), (picture) => {
      const column = Float64Array.from(values.subarray(picture * width, (picture + 1) * width))
      scaleBy(column, scale[picture]!)
      return column
    })
    const products = await multiply(rows, pictures.subarray(start), columns, pause)
    for (let one = start; one < pictures.length; one++) {
      const row = (one - start) * columns.length
      gram[one]!.set(products.subarray(row, row + Math.min(columns.length, one - start + 1)), start)
    }
  }
  return gram
}
