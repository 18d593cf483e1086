import type { LayerParameters } from '@mobilenetv2/spec'
import type { LayerActivation } from 'mobilenetv2'

/** What a ReLU6 does to values. */
export interface Cut {
  /** The share of the values that are below 0, which it sets to 0. */
  readonly below: number
  /** The share of the values that are above 6, which it sets to 6. */
  readonly above: number
  /** The counts of values in equal steps from `low` to `high`. */
  readonly histogram: readonly number[]
  readonly low: number
  readonly high: number
}

const bins = 48

/** What a ReLU6 does to these values. */
export function cutOf(values: Float32Array): Cut {
  let [low, high, below, above] = [0, 0, 0, 0]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
    if (value < 0) below++
    if (value > 6) above++
  }
  const histogram = new Array<number>(bins).fill(0)
  const step = (high - low || 1) / bins
  for (const value of values) histogram[Math.min(bins - 1, Math.floor((value - low) / step))]! += 1
  return { below: below / values.length, above: above / values.length, histogram, low, high }
}

/** The sums of a 1 x 1 convolution before its activation, `[height, width, output channels]`. */
export function pointwiseSums(input: LayerActivation, { kernel, bias }: LayerParameters): LayerActivation {
  const { values, height, width, channels } = input
  const outputs = bias.length
  const sums = new Float32Array(height * width * outputs)
  for (let place = 0; place < height * width; place++) {
    const row = sums.subarray(place * outputs, (place + 1) * outputs)
    row.set(bias)
    for (let channel = 0; channel < channels; channel++) {
      const value = values[place * channels + channel]!
      const weights = kernel.subarray(channel * outputs, (channel + 1) * outputs)
      for (let output = 0; output < outputs; output++) row[output]! += value * weights[output]!
    }
  }
  return { values: sums, height, width, channels: outputs }
}

/** The values after ReLU6. */
export function relu6(activation: LayerActivation): LayerActivation {
  return { ...activation, values: activation.values.map((value) => Math.min(6, Math.max(0, value))) }
}

/**
 * Solves `matrix` x = b for each column b of `right`, by Gaussian elimination. `matrix` is symmetric and positive definite, and is
 * destroyed.
 */
function solve(matrix: Float64Array, right: Float64Array, size: number, columns: number): void {
  for (let pivot = 0; pivot < size; pivot++) {
    const diagonal = matrix[pivot * size + pivot]!
    for (let row = pivot + 1; row < size; row++) {
      const factor = matrix[row * size + pivot]! / diagonal
      if (factor === 0) continue
      for (let at = pivot; at < size; at++) matrix[row * size + at]! -= factor * matrix[pivot * size + at]!
      for (let at = 0; at < columns; at++) right[row * columns + at]! -= factor * right[pivot * columns + at]!
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let at = 0; at < columns; at++) {
      let value = right[row * columns + at]!
      for (let after = row + 1; after < size; after++) value -= matrix[row * size + after]! * right[after * columns + at]!
      right[row * columns + at] = value / matrix[row * size + row]!
    }
  }
}

/** Added to the diagonal, as a share of its mean: silent channels would make the equations singular. */
const ridge = 1e-6

/** Every second place from the place `rest` on, as rows of values less their means. */
function rowsOf({ values, channels }: LayerActivation, means: Float64Array, rest: number): Float64Array[] {
  const rows: Float64Array[] = []
  for (let place = rest; place * channels < values.length; place += 2)
    rows.push(Float64Array.from(means, (mean, channel) => values[place * channels + channel]! - mean))
  return rows
}

function meansOf({ values, channels }: LayerActivation): Float64Array {
  const means = new Float64Array(channels)
  for (let at = 0; at < values.length; at++) means[at % channels]! += values[at]!
  return means.map((sum) => (sum * channels) / values.length)
}

/**
 * How much of `original` no linear layer could restore from `seen`, from 0 to 1: as `lost` of the spiral. The linear map is fitted at
 * every second place of the map, and the loss is measured at the other places.
 */
export function lostOf(original: LayerActivation, seen: LayerActivation): number {
  const [targets, sources] = [meansOf(original), meansOf(seen)]
  const [size, columns] = [seen.channels, original.channels]
  const matrix = new Float64Array(size * size)
  const map = new Float64Array(size * columns)
  const [wanted, given] = [rowsOf(original, targets, 0), rowsOf(seen, sources, 0)]
  given.forEach((row, place) => {
    const target = wanted[place]!
    for (let left = 0; left < size; left++) {
      const value = row[left]!
      if (value === 0) continue
      for (let right = 0; right < size; right++) matrix[left * size + right]! += value * row[right]!
      for (let column = 0; column < columns; column++) map[left * columns + column]! += value * target[column]!
    }
  })
  let trace = 0
  for (let at = 0; at < size; at++) trace += matrix[at * size + at]!
  for (let at = 0; at < size; at++) matrix[at * size + at]! += (ridge * trace) / size || 1
  solve(matrix, map, size, columns)
  let [left, all] = [0, 0]
  const others = rowsOf(original, targets, 1)
  rowsOf(seen, sources, 1).forEach((row, place) => {
    const target = others[place]!
    for (let column = 0; column < columns; column++) {
      let restored = 0
      for (let at = 0; at < size; at++) restored += row[at]! * map[at * columns + column]!
      left += (target[column]! - restored) ** 2
      all += target[column]! ** 2
    }
  })
  return Math.min(1, Math.sqrt(left / all))
}
