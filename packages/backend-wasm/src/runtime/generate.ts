import { createModule } from '@mobilenetv2/assembler'
import { emitKernel } from '../kernels/emit-kernel.js'
import { createEmitter } from '../kernels/emitter.js'
import type { Plan } from '../planner/plan.js'

/** A kernel's function: does the units from `begin` to before `end`. */
export type KernelFunction = (
  input: number,
  weights: number,
  output: number,
  residual: number,
  scratch: number,
  begin: number,
  end: number,
) => void

/** A module in the binary format, and the name under which it exports the kernel of each call. */
export interface GeneratedModule {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly names: readonly string[]
}

/** The module with a plan's kernels, for a memory that threads share or for one thread's own. */
export function generateModule(plan: Plan, relaxed: boolean, shared = false): GeneratedModule {
  const module = createModule({ pages: plan.pages, shared })
  const emitter = createEmitter(module, relaxed)
  const exported = new Set<number>()
  const names = plan.calls.map(({ kernel }) => {
    const target = emitKernel(emitter, kernel)
    const name = String(target.index)
    if (!exported.has(target.index)) module.export(name, target)
    exported.add(target.index)
    return name
  })
  return { bytes: module.encode(), names }
}
