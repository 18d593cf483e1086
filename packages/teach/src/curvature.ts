import type { Point } from './linear-map.js'
import type { Precondition } from './preconditioner.js'
import { addTo, dot, scaleBy } from './vectors.js'

/** What the last steps of a minimisation say about the curvature of its loss (L-BFGS, Nocedal 1980). */
export interface Curvature {
  /** Minus the gradient times an estimate of the inverse Hessian: down, at about the right length. */
  direction(gradient: Point): Promise<Point>
  /** @param step from one point to the next, and how the gradient changed there */
  remember(step: Point, change: Point): Promise<void>
}

interface Pair {
  readonly step: Point
  readonly change: Point
  /** Of step and change; above 0 where a loss is convex. */
  readonly product: number
}

/** Pairs that are kept. */
const most = 10

/** @param precondition the estimate of the inverse Hessian before there are steps, but for its scale */
export function createCurvature(precondition: Precondition): Curvature {
  const pairs: Pair[] = []
  let scale = 1
  return {
    async direction(gradient) {
      const left = gradient.map((value) => -value)
      // The two loops of the method: from the newest pair to the oldest, and back.
      const shares = pairs.toReversed().map(({ step, change, product }) => {
        const share = dot(step, left) / product
        addTo(left, change, -share)
        return share
      })
      const direction = await precondition(left)
      scaleBy(direction, scale)
      for (const { step, change, product } of pairs) addTo(direction, step, shares.pop()! - dot(change, direction) / product)
      return direction
    },
    async remember(step, change) {
      const product = dot(step, change)
      const stretched = dot(change, await precondition(change))
      // Where rounding hides the curvature there is nothing to remember.
      if (!(product > 0 && stretched > 0)) return
      scale = product / stretched
      pairs.push({ step, change, product })
      if (pairs.length > most) pairs.shift()
    },
  }
}
