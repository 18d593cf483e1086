import { sealModule } from '@mobilenetv2/assembler'
import { splitArchitecture } from '@mobilenetv2/runtime'
import { type Architecture, checkOptionNames, typeOption, type UnsharedBytes } from '@mobilenetv2/spec'
import { generateModule } from '../codegen/generate.js'
import { float32 } from '../numbers/float32.js'
import { planModel } from '../plan/plan.js'
import { usualTuning } from '../tuning/tuning.js'
import type { KernelSettings } from './settings.js'

/** What `emitKernels` takes. */
export interface EmitOptions {
  /**
   * Whether the kernels multiply and add in one instruction of relaxed SIMD. They are faster by a fifth to a third then, and run in V8
   * (Chrome, Node 22 and later, Cloudflare Workers) and in Firefox. False unless given: they run wherever the backend runs.
   */
  readonly relaxed?: boolean | undefined
}

/**
 * Writes the kernels of a network ahead of time, for the option `kernels` of `wasm` where an engine refuses to compile generated code.
 * They compute in float32 on one thread. The module holds no weights.
 * @returns a module in the binary format. A custom section says what it was made with
 * @throws MobileNetV2Error `OPTION` for an option that does not exist; `BACKEND` for a network that no kernels run
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { emitKernels } from '@mobilenetv2/backend-wasm/emit'
 * import { defineMobileNetV2 } from '@mobilenetv2/spec'
 *
 * await writeFile('kernels.wasm', emitKernels(defineMobileNetV2({ classes: 1000 })))
 * ```
 */
export function emitKernels(architecture: Architecture, options: EmitOptions = {}): UnsharedBytes {
  checkOptionNames(options, ['relaxed'])
  typeOption('relaxed', options.relaxed, 'boolean')
  const level = options.relaxed === true ? 'relaxed-simd' : 'simd'
  const settings: KernelSettings = { level, tuning: usualTuning(level) }
  const plan = planModel(splitArchitecture(architecture).body, settings.tuning, float32)
  return sealModule(generateModule(plan, level === 'relaxed-simd').bytes, settings)
}
