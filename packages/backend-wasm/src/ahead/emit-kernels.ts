import { sealModule } from '@mobilenetv2/assembler'
import { splitArchitecture } from '@mobilenetv2/runtime'
import { type Architecture, checkOptionNames, typeOption, type UnsharedBytes } from '@mobilenetv2/spec'
import { generateModule } from '../codegen/generate.js'
import { float32 } from '../numbers/float32.js'
import { planModel } from '../plan/plan.js'
import { usualTuning } from '../tuning/tuning.js'
import type { KernelSettings } from './settings.js'

/** The options of `emitKernels`. */
export interface EmitOptions {
  /**
   * Whether the kernels multiply and add in one instruction of relaxed SIMD. Such kernels are faster by a fifth to a third, and run only in
   * V8 (Chrome, Node 22 and later, Cloudflare Workers) and in Firefox. Unless given, false: the kernels run wherever the backend runs.
   */
  readonly relaxed?: boolean | undefined
}

/**
 * Writes the kernels of a network ahead of time, for the option `kernels` of `wasm`. Engines that refuse to compile generated code need
 * them. They compute in float32 on one thread. The module contains no weights.
 * @returns a module in the binary format, with the settings of its kernels in a custom section
 * @throws MobileNetV2Error `OPTION` if an option is unknown or not allowed; `BACKEND` if no kernel can run a layer
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
