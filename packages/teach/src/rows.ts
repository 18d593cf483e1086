import type { Pause } from '@mobilenetv2/runtime'

/** A row of numbers for each picture: `scale[picture]` times its `values`. */
export interface Rows {
  readonly width: number
  /** `[pictures, width]` */
  readonly values: Float32Array
  /** `[pictures]` */
  readonly scale: Float64Array
}

// Four rows are multiplied with two columns at a time, so that each number that is read is used in several products. The numbers of the two
// columns alternate in one array, because a loop is slower with each array that it reads.
const rowsAtOnce = 4
const columnsAtOnce = 2

/** Number of products between two pauses: some milliseconds of work. */
const productsAtOnce = 2 ** 22

/** The indices at which the values of four rows start. If there are fewer rows left, the last one is repeated. */
type Starts = readonly [number, number, number, number]

/** Calls `visit` for every four pictures. */
async function inFours(
  { width }: Rows,
  pictures: Uint32Array,
  columns: number,
  pause: Pause,
  visit: (starts: Starts, first: number) => void,
): Promise<void> {
  const most = Math.max(1, Math.floor(productsAtOnce / (rowsAtOnce * width * columns)))
  const last = pictures.length - 1
  for (let first = 0, step = 1; first <= last; first += rowsAtOnce, step++) {
    const start = (place: number): number => pictures[Math.min(first + place, last)]! * width
    visit([start(0), start(1), start(2), start(3)], first)
    if (step % most === 0) await pause()
  }
  await pause()
}

/** Pairs of columns, whose numbers alternate. If their number is odd, a column of zeros completes the last pair. */
function pairsOf(columns: readonly Float64Array[], width: number): Float64Array[] {
  return Array.from({ length: Math.ceil(columns.length / columnsAtOnce) }, (_, pair) => {
    const both = new Float64Array(columnsAtOnce * width)
    for (let place = 0; place < columnsAtOnce; place++) {
      const column = columns[columnsAtOnce * pair + place]
      if (column !== undefined) for (let at = 0; at < width; at++) both[columnsAtOnce * at + place] = column[at]!
    }
    return both
  })
}

/** Writes the dot products of four rows with the first column of a pair, then those with the second. */
function multiplyFour(values: Float32Array, [a, b, c, d]: Starts, pair: Float64Array, products: Float64Array): void {
  let oneA = 0
  let oneB = 0
  let oneC = 0
  let oneD = 0
  let otherA = 0
  let otherB = 0
  let otherC = 0
  let otherD = 0
  for (let at = 0, in2 = 0; in2 < pair.length; at++, in2 += 2) {
    const one = pair[in2]!
    const other = pair[in2 + 1]!
    const x = values[a + at]!
    const y = values[b + at]!
    const z = values[c + at]!
    const w = values[d + at]!
    oneA += one * x
    oneB += one * y
    oneC += one * z
    oneD += one * w
    otherA += other * x
    otherB += other * y
    otherC += other * z
    otherD += other * w
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

/** Adds four rows, each times its factor, to both columns of a pair. The first four factors are for the first column. */
function addFour(values: Float32Array, [a, b, c, d]: Starts, pair: Float64Array, factors: Float64Array): void {
  const oneA = factors[0]!
  const oneB = factors[1]!
  const oneC = factors[2]!
  const oneD = factors[3]!
  const otherA = factors[4]!
  const otherB = factors[5]!
  const otherC = factors[6]!
  const otherD = factors[7]!
  for (let at = 0, in2 = 0; in2 < pair.length; at++, in2 += 2) {
    const x = values[a + at]!
    const y = values[b + at]!
    const z = values[c + at]!
    const w = values[d + at]!
    pair[in2]! += oneA * x + oneB * y + oneC * z + oneD * w
    pair[in2 + 1]! += otherA * x + otherB * y + otherC * z + otherD * w
  }
}

/**
 * The product of rows with columns.
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
  const pairs = pairsOf(columns, rows.width)
  const result = new Float64Array(pictures.length * count)
  const products = new Float64Array(rowsAtOnce * columnsAtOnce)
  await inFours(rows, pictures, count, pause, (starts, first) => {
    const present = Math.min(rowsAtOnce, pictures.length - first)
    for (const [index, pair] of pairs.entries()) {
      multiplyFour(rows.values, starts, pair, products)
      const column = columnsAtOnce * index
      for (let place = 0; place < present; place++) {
        const at = (first + place) * count + column
        const scale = rows.scale[pictures[first + place]!]!
        result[at] = scale * products[place]!
        if (column + 1 < count) result[at + 1] = scale * products[rowsAtOnce + place]!
      }
    }
  })
  return result
}

/**
 * The product of the transposed rows with factors: for each column the sum of all rows, each times its factor.
 * @param factors `[pictures, columns]`
 * @param sums `[columns, width]`, which is written
 */
export async function multiplyTransposed(
  rows: Rows,
  pictures: Uint32Array,
  factors: Float64Array,
  sums: readonly Float64Array[],
  pause: Pause,
): Promise<void> {
  const count = sums.length
  const pairs = Array.from({ length: Math.ceil(count / columnsAtOnce) }, () => new Float64Array(columnsAtOnce * rows.width))
  const own = new Float64Array(rowsAtOnce * columnsAtOnce)
  await inFours(rows, pictures, count, pause, (starts, first) => {
    const present = Math.min(rowsAtOnce, pictures.length - first)
    for (const [index, pair] of pairs.entries()) {
      const column = columnsAtOnce * index
      own.fill(0)
      for (let place = 0; place < present; place++) {
        const at = (first + place) * count + column
        const scale = rows.scale[pictures[first + place]!]!
        own[place] = scale * factors[at]!
        if (column + 1 < count) own[rowsAtOnce + place] = scale * factors[at + 1]!
      }
      addFour(rows.values, starts, pair, own)
    }
  })
  for (const [column, sum] of sums.entries()) {
    const pair = pairs[Math.floor(column / columnsAtOnce)]!
    for (let at = 0; at < rows.width; at++) sum[at] = pair[columnsAtOnce * at + (column % columnsAtOnce)]!
  }
}
