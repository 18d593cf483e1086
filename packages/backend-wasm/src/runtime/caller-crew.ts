import { disposedError } from '@mobilenetv2/runtime'
import type { Parameters as ModelParameters } from '@mobilenetv2/spec'
import type { Plan } from '../planner/plan.js'
import { type Crew, callsOfThread, readFloats, writeFloats } from './crew.js'
import { compileModule, takeMemory } from './engine.js'
import type { GeneratedModule, KernelFunction } from './generate.js'
import { packParameters } from './pack.js'

/** All that holds the model's memory. */
interface Machinery {
  readonly memory: WebAssembly.Memory
  readonly calls: readonly { readonly kernel: KernelFunction; readonly values: Parameters<KernelFunction> }[]
}

/** A plan's calls, bound to the instance's functions. */
function bindCalls(
  plan: Plan,
  generated: GeneratedModule,
  memory: WebAssembly.Memory,
  { exports }: WebAssembly.Instance,
): Machinery {
  const calls = callsOfThread(plan, generated, 0).map(({ name, values, units }) => ({
    kernel: exports[name] as KernelFunction,
    values: [...values, 0, units] as Parameters<KernelFunction>,
  }))
  return { memory, calls }
}

/** The calling thread itself does the work. Nothing but `machinery` may hold the memory: a closure outlives dispose. */
function createCallerCrew(pictureAddress: number, machinery: Machinery): Crew {
  let held: Machinery | null = machinery
  const alive = (): Machinery => {
    if (held === null) throw disposedError()
    return held
  }
  return {
    bufferBytes: 0,
    async run({ picture, callCount, results }, pause) {
      const times = [performance.now()]
      writeFloats(alive().memory, pictureAddress, picture)
      for (let index = 0; index < callCount; index++) {
        const pausing = pause()
        if (pausing !== undefined) await pausing
        const { kernel, values } = alive().calls[index]!
        kernel(...values)
        times.push(performance.now())
      }
      return { results: readFloats(alive().memory, results), times }
    },
    dispose() {
      held = null
    },
  }
}

/** A crew of the calling thread, with a memory of its own. */
export async function hireCaller(plan: Plan, generated: GeneratedModule, parameters: ModelParameters): Promise<Crew> {
  const memory = takeMemory(plan.pages, false)
  const compiling = compileModule(generated.bytes)
  // If something else fails first, nobody asks how this ended.
  compiling.catch(() => undefined)
  packParameters(plan.packed, parameters, memory.buffer)
  const instance = await WebAssembly.instantiate(await compiling, { env: { memory } })
  return createCallerCrew(plan.picture.address, bindCalls(plan, generated, memory, instance))
}
