/** Values of a shape, the last axis fastest. */
export interface Values {
  readonly shape: readonly number[]
  readonly values: Float64Array
}

/** The error for a graph with a wrong shape, attribute or name: its result is not defined. */
export class UndefinedGraph extends Error {}

/** @throws UndefinedGraph if the condition is false */
export function demand(condition: boolean, what: string): asserts condition {
  if (!condition) throw new UndefinedGraph(what)
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1)
}

export function valuesOf(shape: readonly number[], values: ArrayLike<number>): Values {
  demand(
    count(shape) === values.length && shape.every((extent) => Number.isInteger(extent) && extent >= 0),
    `[${shape}] of ${values.length} values`,
  )
  return { shape, values: Float64Array.from(values) }
}

export function mapped({ shape, values }: Values, change: (value: number) => number): Values {
  return { shape, values: values.map(change) }
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => count(shape.slice(axis + 1)))
}

/** Calls `visit` for each place of a shape, in order. */
function eachPlace(shape: readonly number[], visit: (place: readonly number[], index: number) => void): void {
  const place = shape.map(() => 0)
  for (let index = 0, total = count(shape); index < total; index++) {
    visit(place, index)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis]! += 1
      if (place[axis]! < shape[axis]!) break
      place[axis] = 0
    }
  }
}

export function transposed({ shape, values }: Values, order: readonly number[]): Values {
  demand(
    order.length === shape.length && [...order].sort((a, b) => a - b).every((axis, index) => axis === index),
    `[${shape}] in the order [${order}]`,
  )
  const strides = stridesOf(shape)
  const out = order.map((axis) => shape[axis]!)
  const moved = new Float64Array(values.length)
  eachPlace(out, (place, index) => {
    moved[index] = values[order.reduce((from, axis, to) => from + strides[axis]! * place[to]!, 0)]!
  })
  return { shape: out, values: moved }
}

/** Values of two shapes, one of which may be spread over the other. */
export function combined(one: Values, other: Values, combine: (a: number, b: number) => number): Values {
  const rank = Math.max(one.shape.length, other.shape.length)
  const padded = ({ shape }: Values): number[] => [...new Array<number>(rank - shape.length).fill(1), ...shape]
  const [a, b] = [padded(one), padded(other)]
  const out = a.map((extent, axis) => {
    demand(extent === b[axis] || extent === 1 || b[axis] === 1, `[${one.shape}] and [${other.shape}]`)
    return extent === 1 ? b[axis]! : extent
  })
  const [strides, others] = [stridesOf(a), stridesOf(b)]
  const values = new Float64Array(count(out))
  eachPlace(out, (place, index) => {
    let [from, beside] = [0, 0]
    for (let axis = 0; axis < rank; axis++) {
      if (a[axis] !== 1) from += strides[axis]! * place[axis]!
      if (b[axis] !== 1) beside += others[axis]! * place[axis]!
    }
    values[index] = combine(one.values[from]!, other.values[beside]!)
  })
  return { shape: out, values }
}

/** Values reduced over some axes. */
export function reduced(values: Values, axes: readonly number[], keep: boolean, kind: 'mean' | 'max'): Values {
  const { shape } = values
  const wanted = new Set(axes.map((axis) => (axis < 0 ? axis + shape.length : axis)))
  demand(
    [...wanted].every((axis) => Number.isInteger(axis) && axis >= 0 && axis < shape.length),
    `the axes [${axes}] of [${shape}]`,
  )
  const out = shape.map((extent, axis) => (wanted.has(axis) ? 1 : extent))
  const strides = stridesOf(out)
  const total = new Float64Array(count(out)).fill(kind === 'max' ? Number.NEGATIVE_INFINITY : 0)
  const parts = count(shape) / count(out)
  eachPlace(shape, (place, index) => {
    const to = place.reduce((sum, at, axis) => sum + (wanted.has(axis) ? 0 : at * strides[axis]!), 0)
    const value = values.values[index]!
    total[to] = kind === 'max' ? Math.max(total[to]!, value) : total[to]! + value / parts
  })
  return { shape: keep ? out : shape.filter((_, axis) => !wanted.has(axis)), values: total }
}

/** [rows, inner] x [inner, columns] */
export function multiplied(one: Values, other: Values): Values {
  const [rows, inner] = one.shape
  const [inside, columns] = other.shape
  demand(one.shape.length === 2 && other.shape.length === 2 && inner === inside, `[${one.shape}] by [${other.shape}]`)
  const values = new Float64Array(rows! * columns!)
  for (let row = 0; row < rows!; row++) {
    for (let at = 0; at < inner!; at++) {
      const value = one.values[row * inner! + at]!
      for (let column = 0; column < columns!; column++)
        values[row * columns! + column]! += value * other.values[at * columns! + column]!
    }
  }
  return { shape: [rows!, columns!], values }
}

/** How a window moves over a map: [rows, columns] each, and zeros before and after. */
export interface Window {
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly groups: number
}

/** Which axis of a map, or of a kernel, is which. */
export interface Axes {
  readonly rows: number
  readonly columns: number
  /** Channels of a map; the inputs of one group of a kernel. */
  readonly inputs: number
  /** The batch of a map; the outputs of a kernel. */
  readonly others: number
}

/** A convolution. The result has the axes of the map. */
export function convolved(
  map: Values,
  mapAxes: Axes,
  kernel: Values,
  kernelAxes: Axes,
  { strides, dilations, before, after, groups }: Window,
): Values {
  demand(map.shape.length === 4 && kernel.shape.length === 4, `a convolution of [${map.shape}] by [${kernel.shape}]`)
  const [batch, height, width] = [map.shape[mapAxes.others]!, map.shape[mapAxes.rows]!, map.shape[mapAxes.columns]!]
  const [kernelHeight, kernelWidth] = [kernel.shape[kernelAxes.rows]!, kernel.shape[kernelAxes.columns]!]
  const [perGroup, outputs] = [kernel.shape[kernelAxes.inputs]!, kernel.shape[kernelAxes.others]!]
  const whole = (numbers: readonly number[], least: number): boolean =>
    numbers.length === 2 && numbers.every((number) => Number.isInteger(number) && number >= least)
  demand(whole(strides, 1) && whole(dilations, 1), `strides [${strides}], dilations [${dilations}]`)
  demand(whole(before, 0) && whole(after, 0), `zeros [${before}] and [${after}]`)
  const fits = Number.isInteger(groups) && groups >= 1 && perGroup * groups === map.shape[mapAxes.inputs] && outputs % groups === 0
  demand(fits, `${groups} groups of [${kernel.shape}] on [${map.shape}]`)
  const extent = (size: number, window: number, axis: 0 | 1): number =>
    Math.floor((size + before[axis]! + after[axis]! - dilations[axis]! * (window - 1) - 1) / strides[axis]!) + 1
  const [rows, columns] = [extent(height, kernelHeight, 0), extent(width, kernelWidth, 1)]
  demand(
    batch > 0 && outputs > 0 && rows > 0 && columns > 0 && batch * rows * columns * outputs < 1e6,
    `a map of ${rows} x ${columns}`,
  )
  const shape = [0, 0, 0, 0]
  shape[mapAxes.others] = batch
  shape[mapAxes.rows] = rows
  shape[mapAxes.columns] = columns
  shape[mapAxes.inputs] = outputs
  const [from, tap, to] = [stridesOf(map.shape), stridesOf(kernel.shape), stridesOf(shape)]
  const perOutput = outputs / groups
  const values = new Float64Array(count(shape))
  for (let picture = 0; picture < batch; picture++) {
    for (let output = 0; output < outputs; output++) {
      const first = Math.floor(output / perOutput) * perGroup
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < columns; x++) {
          let sum = 0
          for (let ky = 0; ky < kernelHeight; ky++) {
            const row = y * strides[0]! + ky * dilations[0]! - before[0]!
            if (row < 0 || row >= height) continue
            for (let kx = 0; kx < kernelWidth; kx++) {
              const column = x * strides[1]! + kx * dilations[1]! - before[1]!
              if (column < 0 || column >= width) continue
              let at = picture * from[mapAxes.others]! + row * from[mapAxes.rows]! + column * from[mapAxes.columns]!
              at += first * from[mapAxes.inputs]!
              let weight = ky * tap[kernelAxes.rows]! + kx * tap[kernelAxes.columns]! + output * tap[kernelAxes.others]!
              for (let input = 0; input < perGroup; input++) {
                sum += map.values[at]! * kernel.values[weight]!
                at += from[mapAxes.inputs]!
                weight += tap[kernelAxes.inputs]!
              }
            }
          }
          values[picture * to[mapAxes.others]! + y * to[mapAxes.rows]! + x * to[mapAxes.columns]! + output * to[mapAxes.inputs]!] =
            sum
        }
      }
    }
  }
  return { shape, values }
}
