import type { Pause } from '@mobilenetv2/runtime'

/** Numbers of each picture; the row of a picture is `scale[picture]` times its values. */
export interface Rows {
  readonly width: number
  /** `[pictures, width]` */
  readonly values: Float32Array
  /** `[pictures]` */
  readonly scale: Float64Array
}

/** Four rows as float64, unscaled. With two columns at a time, each number that is read serves several products. */
type Four = readonly [Float64Array, Float64Array, Float64Array, Float64Array]

const atOnce = 4

/** Products between two pauses: some milliseconds. */
const productsAtOnce = 2 ** 22

/** Goes through pictures four at a time; zeros follow the last. */
async function inFours(
  { width, values }: Rows,
  pictures: Uint32Array,
  columns: number,
  pause: Pause,
  visit: (four: Four, first: number) => void,
): Promise<void> {
  const four: Four = [new Float64Array(width), new Float64Array(width), new Float64Array(width), new Float64Array(width)]
  const most = Math.max(1, Math.floor(productsAtOnce / (atOnce * width * columns)))
  for (let first = 0, step = 1; first < pictures.length; first += atOnce, step++) {
    for (let place = 0; place < atOnce; place++) {
      const picture = pictures[first + place]
      if (picture === undefined) four[place]!.fill(0)
      else four[place]!.set(values.subarray(picture * width, (picture + 1) * width))
    }
    visit(four, first)
    if (step % most === 0) await pause()
  }
  await pause()
}

/** Writes the products of four rows with two columns: those of `one` first. */
function multiplyFour([a, b, c, d]: Four, one: Float64Array, other: Float64Array, products: Float64Array): void {
  let oneA = 0
  let oneB = 0
  let oneC = 0
  let oneD = 0
  let otherA = 0
  let otherB = 0
  let otherC = 0
  let otherD = 0
  for (let at = 0; at < one.length; at++) {
    const x = one[at]!
    const y = other[at]!
    oneA += x * a[at]!
    oneB += x * b[at]!
    oneC += x * c[at]!
    oneD += x * d[at]!
    otherA += y * a[at]!
    otherB += y * b[at]!
    otherC += y * c[at]!
    otherD += y * d[at]!
  }
  products[0] = oneA
  products[1] = oneB
  products[2] = oneC
  products[3] = oneD
  products[4] = otherA
  products[5] = otherB
  products[6] = otherC
  products[7] = otherD
}

/** Adds four rows to two columns, each row times its factor: those for `one` come first. */
function addFour([a, b, c, d]: Four, one: Float64Array, other: Float64Array, factors: Float64Array): void {
  const oneA = factors[0]!
  const oneB = factors[1]!
  const oneC = factors[2]!
  const oneD = factors[3]!
  const otherA = factors[4]!
  const otherB = factors[5]!
  const otherC = factors[6]!
  const otherD = factors[7]!
  for (let at = 0; at < one.length; at++) {
    const x = a[at]!
    const y = b[at]!
    const z = c[at]!
    const w = d[at]!
    one[at]! += oneA * x + oneB * y + oneC * z + oneD * w
    other[at]! += otherA * x + otherB * y + otherC * z + otherD * w
  }
}

/**
 * Rows times columns.
 * @param columns `[columns, width]`
 * @returns `[pictures, columns]`
 */
export async function multiply(
  rows: Rows,
  pictures: Uint32Array,
  columns: readonly Float64Array[],
  pause: Pause,
): Promise<Float64Array> {
  const count = columns.length
  const result = new Float64Array(pictures.length * count)
  const products = new Float64Array(2 * atOnce)
  await inFours(rows, pictures, count, pause, (four, first) => {
    const present = Math.min(atOnce, pictures.length - first)
    for (let column = 0; column < count; column += 2) {
      const both = column + 1 < count
      multiplyFour(four, columns[column]!, columns[both ? column + 1 : column]!, products)
      for (let place = 0; place < present; place++) {
        const at = (first + place) * count + column
        const scale = rows.scale[pictures[first + place]!]!
        result[at] = scale * products[place]!
        if (both) result[at + 1] = scale * products[atOnce + place]!
      }
    }
  })
  return result
}

/**
 * The transposed rows times factors: for each column the sum of all rows, each times its factor.
 * @param factors `[pictures, columns]`
 * @param sums `[columns, width]`, written
 */
export async function multiplyTransposed(
  rows: Rows,
  pictures: Uint32Array,
  factors: Float64Array,
  sums: readonly Float64Array[],
  pause: Pause,
): Promise<void> {
  const count = sums.length
  const unused = new Float64Array(rows.width)
  const own = new Float64Array(2 * atOnce)
  for (const sum of sums) sum.fill(0)
  await inFours(rows, pictures, count, pause, (four, first) => {
    const present = Math.min(atOnce, pictures.length - first)
    for (let column = 0; column < count; column += 2) {
      const both = column + 1 < count
      own.fill(0)
      for (let place = 0; place < present; place++) {
        const at = (first + place) * count + column
        const scale = rows.scale[pictures[first + place]!]!
        own[place] = scale * factors[at]!
        if (both) own[atOnce + place] = scale * factors[at + 1]!
      }
      addFour(four, sums[column]!, both ? sums[column + 1]! : unused, own)
    }
  })
}
