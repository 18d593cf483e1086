import type { Bounds } from '../integer-arithmetic.js'

/** Counts of values by bins. */
export interface Histogram {
  /** Adds a value, unless it is 0 or not finite. */
  add(value: number): void
  /** The least and the greatest of the values and 0. */
  bounds(): Bounds
  /** The number of values other than 0. */
  readonly count: number
  /**
   * The error of rounding to 256 integers from `least` to `most`: the sum of the squared errors of values outside, and of the mean squared
   * rounding error of the others. Zero has no error, as an integer stands for it.
   */
  costOf(bounds: Bounds): number
}

const half = 1024

/** The greatest value of a new histogram: a power of two above what ReLU6 gives. */
const firstReach = 8

/** Sums of the powers 0, 1 and 2 of the values beyond some bin. */
type Sums = readonly [count: number, total: number, squares: number]

/** Makes a histogram of 2048 bins around 0. Its bins become twice as wide when a value is beyond them. */
export function createHistogram(): Histogram {
  const counts = new Float64Array(2 * half)
  let reach = firstReach
  let [least, most, count] = [0, 0, 0]

  const double = (): void => {
    // Pairs of bins are merged towards the middle, in this order in the upper half and in reverse in the lower half.
    for (let bin = 0; bin < half; bin++) {
      const from = half + 2 * bin
      counts[half + bin] = bin < half / 2 ? counts[from]! + counts[from + 1]! : 0
    }
    for (let bin = 0; bin < half; bin++) {
      const from = half - 1 - 2 * bin
      counts[half - 1 - bin] = bin < half / 2 ? counts[from]! + counts[from - 1]! : 0
    }
    reach *= 2
  }

  /** The sums of the values above a bound of 0 or more, or of the absolute values of those below a bound of 0 or less. */
  const beyond = (bound: number, sign: 1 | -1): Sums => {
    let [zeroth, first, second] = [0, 0, 0]
    for (let bin = 0; bin < half; bin++) {
      const amount = ((bin + 0.5) / half) * reach
      if (amount <= bound) continue
      const number = counts[sign > 0 ? half + bin : half - 1 - bin]!
      zeroth += number
      first += number * amount
      second += number * amount * amount
    }
    return [zeroth, first, second]
  }

  return {
    get count() {
      return count
    },
    add(value) {
      if (value === 0 || !Number.isFinite(value)) return
      while (value >= reach || value < -reach) double()
      count += 1
      least = Math.min(least, value)
      most = Math.max(most, value)
      const bin = Math.floor((value / reach + 1) * half)
      counts[bin]! += 1
    },
    bounds: () => [least, most],
    costOf([low, high]) {
      const lost = ([zeroth, first, second]: Sums, bound: number): number => second - 2 * bound * first + bound * bound * zeroth
      const [above, below] = [beyond(high, 1), beyond(-low, -1)]
      const step = (high - low) / 255
      return lost(above, high) + lost(below, -low) + ((count - above[0] - below[0]) * step * step) / 12
    },
  }
}
