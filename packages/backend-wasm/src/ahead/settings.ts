import { readSeal } from '@mobilenetv2/assembler'
import { brandOf, MobileNetV2Error, refuseOption } from '@mobilenetv2/spec'
import type { Level } from '../codegen/simd-level.js'
import { checkTuning } from '../tuning/choose-tuning.js'
import type { Tuning } from '../tuning/tuning.js'

/** What decides the code of the kernels, beside the network. */
export interface KernelSettings {
  readonly level: Level
  readonly tuning: Tuning
}

/** Kernels that were compiled ahead of time, and what they say of themselves. */
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
      'Emit them anew with `mobilenetv2 emit`, from the same file of the network. What compiles other networks (explain, activation, teach) needs an engine that compiles.',
  })
}

/**
 * Reads what kernels say of themselves.
 * @throws MobileNetV2Error `OPTION` if they are no module; `BACKEND` if another program wrote it
 */
export function readKernels(kernels: unknown): AheadKernels {
  if (brandOf(kernels) !== 'WebAssembly.Module') refuseOption('kernels', brandOf(kernels), 'a WebAssembly.Module')
  const seal = readSeal(kernels as object)
  const { level, tuning } = (seal?.settings ?? {}) as Partial<KernelSettings>
  const isKnown = level === 'simd' || level === 'relaxed-simd'
  if (seal === null || !isKnown || typeof tuning !== 'object') throw otherKernels('a module that emitKernels did not write')
  return { module: kernels as WebAssembly.Module, code: seal.code, level, tuning: checkTuning(tuning) as Tuning }
}
