import { splitArchitecture } from '@mobilenetv2/runtime'
import type { Architecture, LayerParameters } from '@mobilenetv2/spec'
import { float32 } from '../../src/numbers/float32.js'
import { type Plan, planModel as planBody } from '../../src/plan/plan.js'
import { usualTuning } from '../../src/tuning/tuning.js'

/** The plan of a network's body, which for published networks is all of it. */
export function planModel(architecture: Architecture, threads?: number, tuning = usualTuning('simd')): Plan<LayerParameters> {
  return planBody(splitArchitecture(architecture).body, tuning, float32, threads)
}
