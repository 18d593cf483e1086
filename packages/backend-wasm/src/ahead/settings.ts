import { readSeal } from '@mobilenetv2/assembler'
import { brandOf, MobileNetV2Error, refuseOption } from '@mobilenetv2/spec'
import type { Level } from '../codegen/simd-level.js'
import { checkTuning } from '../tuning/choose-tuning.js'
import type { Tuning } from '../tuning/tuning.js'

/** The settings that, together with the network, determine the code of the kernels. */
export interface KernelSettings {
  readonly level: Level
  readonly tuning: Tuning
}

/** Kernels that were compiled ahead of time, with the content of their custom section. */
export interface AheadKernels extends KernelSettings {
  readonly module: WebAssembly.Module
  /** The fingerprint of their code. */
  readonly code: string
}

/** The error for kernels that are not those of the network. */
export function otherKernels(got: string): MobileNetV2Error {
  return new MobileNetV2Error('BACKEND', 'The kernels were not emitted for this network by this version.', {
    where: 'option kernels',
    expected: 'the code that this version generates for the network',
    got,
    remedy:
      'Run `mobilenetv2 emit` again on the file from which the network is loaded. The methods explain, activation and teach need other kernels, so they need an engine that compiles generated code.',
  })
}

/**
 * Reads the custom section of kernels.
 * @throws MobileNetV2Error `OPTION` if the kernels are not a module; `BACKEND` if `emitKernels` did not write the module
 */
export function readKernels(kernels: unknown): AheadKernels {
  if (brandOf(kernels) !== 'WebAssembly.Module') refuseOption('kernels', brandOf(kernels), 'a WebAssembly.Module')
  const seal = readSeal(kernels as object)
  const { level, tuning } = (seal?.settings ?? {}) as Partial<KernelSettings>
  const isKnown = level === 'simd' || level === 'relaxed-simd'
  if (seal === null || !isKnown || typeof tuning !== 'object') throw otherKernels('a module that emitKernels did not write')
  return { module: kernels as WebAssembly.Module, code: seal.code, level, tuning: checkTuning(tuning) as Tuning }
}
