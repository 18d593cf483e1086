import { disposedError } from '@mobilenetv2/runtime'
import type { GeneratedModule, KernelFunction } from '../codegen/generate.js'
import type { Plan } from '../plan/plan.js'
import { type CompileModule, compileModule, takeMemory } from './engine.js'
import { callsOfThread, type Executor, type Pack, readBytes, writeBytes } from './executor.js'

/** Everything that refers to the model's memory. */
interface Machinery {
  readonly memory: WebAssembly.Memory
  readonly calls: readonly { readonly kernel: KernelFunction; readonly values: readonly number[] }[]
}

/** Only the variable `held` may refer to the memory: a closure keeps its other variables in memory after `dispose`. */
function callingThreadExecutor(pictureAddress: number, machinery: Machinery): Executor {
  let held: Machinery | null = machinery
  const alive = (): Machinery => {
    if (held === null) throw disposedError()
    return held
  }
  return {
    bufferBytes: 0,
    async run({ picture, callCount, results }, pause) {
      const times = [performance.now()]
      writeBytes(alive().memory, pictureAddress, picture)
      for (let index = 0; index < callCount; index++) {
        const pausing = pause()
        if (pausing !== undefined) await pausing
        const { kernel, values } = alive().calls[index]!
        kernel(...values)
        times.push(performance.now())
      }
      return { results: readBytes(alive().memory, results), times }
    },
    dispose() {
      held = null
    },
  }
}

/** The calling thread does the work, in a memory of its own. */
export async function onCallingThread(
  plan: Plan,
  code: GeneratedModule,
  pack: Pack,
  compile: CompileModule = compileModule,
): Promise<Executor> {
  const memory = takeMemory(plan.pages, false)
  const compiling = compile(code.bytes)
  pack(memory.buffer)
  const { exports } = await WebAssembly.instantiate(await compiling, { env: { memory } })
  const calls = callsOfThread(plan, code, 0).map(({ name, values, units }) => ({
    kernel: exports[name] as KernelFunction,
    values: [...values, 0, units],
  }))
  return callingThreadExecutor(plan.picture.address, { memory, calls })
}
