import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factorizePivoted } from '../src/cholesky.js'
import { confusionMatrix } from '../src/index.js'
import { multiply, multiplyTransposed } from '../src/rows.js'
import { shuffled } from '../src/shuffled.js'
import { foldsOf, holdOut } from '../src/splits.js'

const noPause = (): undefined => undefined
const sorted = (values: Iterable<number>): number[] => [...values].toSorted((one, other) => one - other)

describe('the confusion matrix', () => {
  it('counts what was taken for what', () => {
    const { counts, accuracy } = confusionMatrix(['a', 'b'], [0, 0, 1, 1], [0, 1, 1, 1])
    expect(counts).toEqual([
      [1, 1],
      [0, 2],
    ])
    expect(accuracy).toBe(0.75)
  })
})

const someLabels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 })

describe('a split', () => {
  it('holds out a share of each class, never its last picture', () => {
    const labels = [...Array.from({ length: 20 }, (_, picture) => picture % 2), 2]
    const { training, held } = holdOut(labels, 3, 0.3, 0)
    expect(sorted([...training, ...held])).toEqual([...labels.keys()])
    expect(sorted([...held].map((picture) => labels[picture]!))).toEqual([0, 0, 0, 1, 1, 1])
  })

  it('into folds holds out each picture once, except the only one of a class', () => {
    fc.assert(
      fc.property(someLabels, fc.integer({ min: 2, max: 5 }), fc.integer(), (labels, folds, seed) => {
        const splits = foldsOf(labels, 4, folds, seed)
        const alone = new Set(labels.filter((label) => labels.indexOf(label) === labels.lastIndexOf(label)))
        const held = splits.flatMap((split) => [...split.held])
        expect(sorted(held)).toEqual([...labels.keys()].filter((picture) => !alone.has(labels[picture]!)))
        for (const split of splits) {
          expect(sorted([...split.training, ...split.held])).toEqual([...labels.keys()])
          expect(new Set([...split.training].map((picture) => labels[picture]))).toEqual(new Set(labels))
        }
        const sizes = splits.map((split) => split.held.length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is in another order for another seed', () => {
    const items = Array.from({ length: 50 }, (_, index) => index)
    expect(sorted(shuffled(items, 1))).toEqual(items)
    expect(shuffled(items, 1)).toEqual(shuffled(items, 1))
    expect(shuffled(items, 1)).not.toEqual(shuffled(items, 2))
    expect(shuffled(items, 1, 2)).not.toEqual(shuffled(items, 2, 1))
  })
})

describe('products', () => {
  it('of rows and columns are those that plain sums give, for any sizes', async () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 7 }))
    await fc.assert(
      fc.asyncProperty(sizes, async ([count, columns, width]) => {
        const values = Float32Array.from({ length: count * width }, (_, at) => Math.sin(at))
        const scale = Float64Array.from({ length: count }, (_, at) => 1 + at)
        const pictures = Uint32Array.from({ length: count }, (_, at) => count - 1 - at)
        const weights = Array.from({ length: columns }, (_, column) => new Float64Array(width).map((_, at) => column - at))
        const row = (picture: number, at: number): number => scale[picture]! * values[picture * width + at]!
        const sumOf = (length: number, of: (at: number) => number): number =>
          Array.from({ length }, (_, at) => of(at)).reduce((sum, value) => sum + value, 0)

        const product = await multiply({ width, values, scale }, pictures, weights, noPause)
        for (const [place, picture] of pictures.entries())
          for (const [column, weight] of weights.entries())
            expect(product[place * columns + column]).toBeCloseTo(
              sumOf(width, (at) => row(picture, at) * weight[at]!),
              9,
            )
        const factors = new Float64Array(count * columns).map((_, at) => Math.cos(at))
        await multiplyTransposed({ width, values, scale }, pictures, factors, weights, noPause)
        for (const [column, weight] of weights.entries())
          for (let at = 0; at < width; at++)
            expect(weight[at]).toBeCloseTo(
              sumOf(count, (place) => factors[place * columns + column]! * row(pictures[place]!, at)),
              9,
            )
      }),
      { numRuns: 40 },
    )
  })

  it('of rows with each other stay the same in coordinates of the space that they span', async () => {
    const rows = [
      [1, 2, 3],
      [2, 4, 6],
      [0, 1, 0],
      [0, 0, 0],
      [1, 3, 3],
    ]
    const dot = (one: ArrayLike<number>, other: ArrayLike<number>): number =>
      Array.from(one).reduce((sum, value, at) => sum + value * other[at]!, 0)
    const gram = rows.map((row, one) => Float64Array.from(rows.slice(0, one + 1), (other) => dot(row, other)))
    const { coordinates, pivots } = await factorizePivoted(gram, noPause)
    expect(pivots).toHaveLength(2)
    for (const [one, row] of rows.entries())
      for (const [other, column] of rows.entries())
        expect(dot(coordinates[one]!.subarray(0, 2), coordinates[other]!.subarray(0, 2))).toBeCloseTo(dot(row, column), 9)
  })
})
