import { valueCount } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'

/** A small array of numbers that a graph computes from shapes, in row-major order. */
export interface ShapeValues {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** Most values of such an array. A shape has 4 extents, and the pads that are computed from it are twice as many. */
export const mostShapeValues = 64

function refuse(got: string): never {
  throw new CheckpointError('The graph computes a shape in a way that is not known.', { got: got })
}

function checked(shape: readonly number[], values: readonly number[]): ShapeValues {
  if (values.length > mostShapeValues || valueCount(shape) !== values.length || shape.length > 4) {
    refuse(`${values.length} values of [${shape.slice(0, 8).join(', ')}]`)
  }
  return { shape, values }
}

/** A list as an array of one axis. */
export function vectorValue(values: readonly number[]): ShapeValues {
  return checked([values.length], values)
}

/** The values in another shape, of which one extent may be -1. */
export function reshapeValue({ values }: ShapeValues, target: readonly number[]): ShapeValues {
  const known = target.reduce((product, extent) => (extent === -1 ? product : product * extent), 1)
  return checked(
    target.map((extent) => (extent === -1 ? values.length / known : extent)),
    values,
  )
}

/** Arrays joined along their first axis; a scalar counts as one row. */
export function concatValues(parts: readonly ShapeValues[]): ShapeValues {
  const [first] = parts
  const rest = first?.shape.slice(1) ?? []
  const rows = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 1), 0)
  return checked(
    [rows, ...rest],
    parts.flatMap(({ values }) => values),
  )
}

/** The entries of the first axis at these indices. A scalar index removes the axis. */
export function gatherValues({ shape, values }: ShapeValues, indices: ShapeValues): ShapeValues {
  const [length = 1, ...rest] = shape
  const step = valueCount(rest)
  const rows = indices.values.flatMap((index) => {
    const place = index < 0 ? index + length : index
    if (!(Number.isInteger(place) && place >= 0 && place < length)) refuse(`entry ${index} of ${length}`)
    return values.slice(place * step, (place + 1) * step)
  })
  return checked([...indices.shape, ...rest], rows)
}

/** The entries of the first axis from `start` to before `end`. Both count from the end if they are negative, and may exceed the axis. */
export function sliceValues(value: ShapeValues, start: number, end: number, step: number): ShapeValues {
  const length = value.shape[0] ?? 1
  if (!Number.isInteger(step) || step === 0 || !Number.isInteger(start) || Number.isNaN(end)) refuse(`a slice by ${step}`)
  const place = (index: number): number => (index < 0 ? index + length : index)
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1]
  const limit = (index: number): number => Math.min(Math.max(place(index), low), high)
  const indices: number[] = []
  for (let index = limit(start), last = limit(end); step > 0 ? index < last : index > last; index += step) indices.push(index)
  return gatherValues(value, vectorValue(indices))
}

/**
 * TensorFlow's strided slice of the first axis.
 * @param begin null for the first entry, if the mask says so; `end` likewise
 * @param shrinks whether only the entry at `begin` is taken, and the axis is removed
 */
export function stridedSliceValues(
  value: ShapeValues,
  begin: number | null,
  end: number | null,
  step: number,
  shrinks: boolean,
): ShapeValues {
  const start = begin ?? (step < 0 ? -1 : 0)
  if (!shrinks) return sliceValues(value, start, end ?? (step < 0 ? -Infinity : Infinity), step)
  const slice = sliceValues(value, start, start === -1 ? Infinity : start + 1, step)
  return reshapeValue(slice, slice.shape.slice(1))
}

/** Arrays of the same shape, stacked along a new first axis. */
export function packValues(parts: readonly ShapeValues[]): ShapeValues {
  return concatValues(parts.map((value) => reshapeValue(value, [1, ...value.shape])))
}

/** The product of all values, a scalar. */
export function productValue({ values }: ShapeValues): ShapeValues {
  return { shape: [], values: [values.reduce((product, value) => product * value, 1)] }
}

/** The transposed array. An array of one axis stays unchanged. */
export function transposeValue({ shape, values }: ShapeValues): ShapeValues {
  const [rows = 1, columns = 1] = shape
  if (shape.length < 2) return { shape, values }
  if (shape.length > 2) refuse(`an order of ${shape.length} axes`)
  return checked(
    [columns, rows],
    values.map((_, index) => values[(index % rows) * columns + Math.floor(index / rows)]!),
  )
}

/** Computes value by value. A single value on one side is combined with each value of the other. */
export function combineValues(left: ShapeValues, right: ShapeValues, calculate: (a: number, b: number) => number): ShapeValues {
  const longer = left.values.length >= right.values.length ? left : right
  const one = (value: ShapeValues): boolean => value.values.length === 1
  if (left.values.length !== right.values.length && !one(left) && !one(right)) refuse('two shapes of two lengths')
  const at = (value: ShapeValues, index: number): number => value.values[one(value) ? 0 : index]!
  return checked(
    longer.shape,
    longer.values.map((_, index) => calculate(at(left, index), at(right, index))),
  )
}

/** Changes each value. */
export function mapValues({ shape, values }: ShapeValues, change: (value: number) => number): ShapeValues {
  return { shape, values: values.map(change) }
}
