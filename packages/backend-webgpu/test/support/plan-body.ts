import { splitArchitecture } from '@mobilenetv2/runtime'
import type { Architecture } from '@mobilenetv2/spec'
import type { Scalar } from '../../src/planner/kernel.js'
import { type Plan, planModel as planBody } from '../../src/planner/plan.js'
import type { Target } from '../../src/planner/tiles.js'

/** The plan of a network's body, which for published networks is all of it. */
export function planModel(architecture: Architecture, scalar: Scalar, target: Target): Plan {
  return planBody(splitArchitecture(architecture).body, scalar, target)
}
