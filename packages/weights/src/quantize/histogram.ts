import type { Bounds } from '../integer-arithmetic.js'

/** How often values occur, to within a bin. */
export interface Histogram {
  /** Takes a value; one that is not finite is left out. */
  add(value: number): void
  /** The least and greatest value; `[0, 0]` if there was none. */
  bounds(): Bounds
  /** The number of values other than 0. */
  readonly count: number
  /**
   * What rounding to 256 integers from `least` to `most` costs: the sum of the squares of what values outside lose, and of what the others
   * lose by rounding on average. Zero loses nothing, as an integer stands for it.
   */
  costOf(bounds: Bounds): number
}

const half = 1024

/** The greatest value that a histogram begins with: what ReLU6 gives, and more. A power of two. */
const firstReach = 8

/** Sums over the values beyond some bin: of their powers 0, 1 and 2. */
type Sums = readonly [count: number, total: number, squares: number]

/** A histogram of 2048 bins around 0, whose bins become twice as wide when a value lies beyond them. */
export function createHistogram(): Histogram {
  const counts = new Float64Array(2 * half)
  let reach = firstReach
  let [least, most, count] = [0, 0, 0]

  const double = (): void => {
    // Pairs move towards the middle: of the upper half in this order, of the lower half in the other.
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

  /** Of the values above a bound of 0 or more, or of the amounts of those below it. */
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
