import { createModule } from '@mobilenetv2/assembler'
import { emitKernel } from '../kernels/kernels.js'
import type { Plan } from '../plan/plan.js'
import { createEmitter } from './emitter.js'

/** A kernel's function: (input, weights, output, residual, scratch, begin, end), as in `KernelParameters`. */
export type KernelFunction = (...values: number[]) => void

/** A module in the binary format, and the name under which it exports the kernel of each call. */
export interface GeneratedModule {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly names: readonly string[]
}

/** Generates the module with the kernels of a plan. `shared` says whether threads share its memory. */
export function generateModule(plan: Plan, relaxed: boolean, shared = false): GeneratedModule {
  const module = createModule({ pages: plan.pages, shared })
  const emitter = createEmitter(module, plan.numbers, relaxed)
  const functions = plan.calls.map(({ kernel }) => emitKernel(emitter, kernel))
  for (const each of new Set(functions)) module.export(String(each.index), each)
  return { bytes: module.encode(), names: functions.map(({ index }) => String(index)) }
}
