import type { Point } from './linear-map.js'
import type { Precondition } from './preconditioner.js'
import { addTo, dot, scaleBy } from './vectors.js'

/** The curvature of a loss, estimated from the last steps of its minimisation (L-BFGS, Nocedal 1980). */
export interface Curvature {
  /** Minus the gradient times an estimate of the inverse Hessian: a step down, of about the right length. */
  direction(gradient: Point): Promise<Point>
  /**
   * Takes a step into account.
   * @param step the difference of the two points
   * @param change the difference of the two gradients
   */
  remember(step: Point, change: Point): Promise<void>
}

interface Pair {
  readonly step: Point
  readonly change: Point
  /** The dot product of step and change, which is above 0 for a convex loss. */
  readonly product: number
}

/** Most steps that are remembered. */
const most = 10

/** @param precondition multiplies by an estimate of the inverse Hessian, up to a factor; it is all there is before the first step */
export function createCurvature(precondition: Precondition): Curvature {
  const pairs: Pair[] = []
  let scale = 1
  return {
    async direction(gradient) {
      const left = gradient.map((value) => -value)
      // The two loops of L-BFGS: from the newest step to the oldest, and back.
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
      // If rounding hides the curvature, the step says nothing about it.
      if (!(product > 0 && stretched > 0)) return
      scale = product / stretched
      pairs.push({ step, change, product })
      if (pairs.length > most) pairs.shift()
    },
  }
}
