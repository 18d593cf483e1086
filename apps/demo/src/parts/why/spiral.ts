/** A point of the plane. */
export type Point = readonly [x: number, y: number]

const points = 400
const turns = 2.25

/** A spiral within the unit circle, from its centre outwards. */
export const spiral: readonly Point[] = Array.from({ length: points }, (_, index) => {
  const share = index / (points - 1)
  const angle = 2 * Math.PI * turns * share
  return [share * Math.cos(angle), share * Math.sin(angle)]
})

/** Numbers of a normal distribution, the same for the same seed (mulberry32, then Box and Muller). */
function normal(count: number, seed: number): number[] {
  let state = seed >>> 0
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()))
}

/**
 * Figure 1 of the paper: points into `dimensions` by a random matrix T, ReLU (or nothing), and back by the pseudo-inverse of T.
 * @param dimensions 2 or more
 */
export function thereAndBack(original: readonly Point[], dimensions: number, seed: number, relu: boolean): Point[] {
  const values = normal(2 * dimensions, seed * 1000 + dimensions)
  const rows = Array.from({ length: dimensions }, (_, row): Point => [values[2 * row]!, values[2 * row + 1]!])
  const sum = (term: (a: number, b: number) => number): number => rows.reduce((total, [a, b]) => total + term(a, b), 0)
  const [aa, ab, bb] = [sum((a) => a * a), sum((a, b) => a * b), sum((_, b) => b * b)]
  const determinant = aa * bb - ab * ab
  return original.map(([x, y]) => {
    // No array is made for each point: the curve of losses takes some 500,000 points.
    let [p, q] = [0, 0]
    for (const [a, b] of rows) {
      const value = a * x + b * y
      if (relu && value < 0) continue
      p += value * a
      q += value * b
    }
    return [(bb * p - ab * q) / determinant, (aa * q - ab * p) / determinant]
  })
}

/** Every eighth point: the loss is the same to half a percent. */
const sparse = spiral.filter((_, index) => index % 8 === 0)

/** What ReLU in `dimensions` loses of the spiral, for one random matrix after the other. */
export function* losses(dimensions: number, matrices: number): Generator<number, void, void> {
  for (let seed = 1; seed <= matrices; seed++) yield lost(sparse, thereAndBack(sparse, dimensions, seed, true))
}

/**
 * How much of the points is lost, 0 to 1: the root mean square distance from the best linear image of what came back, over that of
 * the points from their centre. 0 where a linear map restores them.
 */
export function lost(original: readonly Point[], returned: readonly Point[]): number {
  const centred = (list: readonly Point[]): [number[], number[]] => {
    const axis = (at: 0 | 1): number[] => {
      const mean = list.reduce((total, point) => total + point[at], 0) / list.length
      return list.map((point) => point[at] - mean)
    }
    return [axis(0), axis(1)]
  }
  const dot = (one: readonly number[], other: readonly number[]): number =>
    one.reduce((total, value, index) => total + value * other[index]!, 0)
  const [u, v] = centred(returned)
  const [uu, uv, vv] = [dot(u, u), dot(u, v), dot(v, v)]
  const determinant = uu * vv - uv * uv
  // If all points came back on one line, only a map of its direction can be fitted.
  const flat = determinant < 1e-9 * uu * vv
  let left = 0
  let all = 0
  for (const target of centred(original)) {
    const [ut, vt] = [dot(u, target), dot(v, target)]
    const [p, q] = flat ? [uu > 0 ? ut / uu : 0, 0] : [(vv * ut - uv * vt) / determinant, (uu * vt - uv * ut) / determinant]
    left += target.reduce((total, value, index) => total + (value - p * u[index]! - q * v[index]!) ** 2, 0)
    all += dot(target, target)
  }
  return Math.sqrt(left / all)
}
