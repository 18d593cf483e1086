// Figure 1 of the paper: points on a spiral, into n dimensions by a random matrix, ReLU, back by the pseudo-inverse.
import { normalValues, uniform } from '../dist/training/random.js'

const points = 400
const turns = 2.25

/** `[x, y]` of points on a spiral within the unit circle. */
export function spiral() {
  return Array.from({ length: points }, (_, index) => {
    const share = index / (points - 1)
    const angle = 2 * Math.PI * turns * share
    return [share * Math.cos(angle), share * Math.sin(angle)]
  })
}

/** What is left of points after ReLU in n dimensions: pseudo-inverse(T) x max(T x point, 0), for a random T `[n, 2]`. */
export function throughRelu(original, dimensions, seed) {
  const values = normalValues(2 * dimensions, 1, uniform(seed, dimensions))
  const rows = Array.from({ length: dimensions }, (_, row) => [values[2 * row], values[2 * row + 1]])
  const sum = (term) => rows.reduce((total, [a, b]) => total + term(a, b), 0)
  const [aa, ab, bb] = [sum((a) => a * a), sum((a, b) => a * b), sum((_, b) => b * b)]
  const determinant = aa * bb - ab * ab
  return original.map(([x, y]) => {
    const active = rows.map(([a, b]) => Math.max(0, a * x + b * y))
    const p = active.reduce((total, value, row) => total + value * rows[row][0], 0)
    const q = active.reduce((total, value, row) => total + value * rows[row][1], 0)
    return [(bb * p - ab * q) / determinant, (aa * q - ab * p) / determinant]
  })
}

/**
 * The share of the spiral that is lost: the root mean square distance of the points from the best linear image of the returned points,
 * divided by that of the points from their centre. 0 if a linear map restores the spiral, 1 if nothing is left.
 */
export function lost(original, returned) {
  const centred = (list) => {
    const mean = [0, 1].map((axis) => list.reduce((total, point) => total + point[axis], 0) / list.length)
    return list.map(([x, y]) => [x - mean[0], y - mean[1]])
  }
  const [from, to] = [centred(returned), centred(original)]
  const dot = (one, other) => one.reduce((total, value, index) => total + value * other[index], 0)
  const [u, v] = [0, 1].map((axis) => from.map((point) => point[axis]))
  const [uu, uv, vv] = [dot(u, u), dot(u, v), dot(v, v)]
  const determinant = uu * vv - uv * uv
  let left = 0
  let all = 0
  for (const axis of [0, 1]) {
    const target = to.map((point) => point[axis])
    const [ut, vt] = [dot(u, target), dot(v, target)]
    // If all returned points are on one line, the map has only the direction of that line.
    const flat = determinant < 1e-9 * uu * vv
    const [p, q] = flat ? [uu > 0 ? ut / uu : 0, 0] : [(vv * ut - uv * vt) / determinant, (uu * vt - uv * ut) / determinant]
    left += target.reduce((total, value, index) => total + (value - p * u[index] - q * v[index]) ** 2, 0)
    all += dot(target, target)
  }
  return Math.sqrt(left / all)
}
