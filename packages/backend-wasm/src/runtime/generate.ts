import { createModule } from '../assembler/module.js'
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

/** The module with a plan's kernels, and the name under which it exports the kernel of each call. */
export function generateModule(plan: Plan, relaxed: boolean): { bytes: Uint8Array<ArrayBuffer>; names: string[] } {
  const module = createModule({ pages: plan.pages })
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
