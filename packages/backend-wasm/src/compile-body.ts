import type { BodyArchitecture } from '@mobilenetv2/runtime'
import type { CompiledModel } from '@mobilenetv2/spec'
import { generateModule } from './codegen/generate.js'
import type { Level } from './codegen/simd-level.js'
import { createWasmModel } from './compiled-model.js'
import type { Precision } from './numbers/precision.js'
import { packParameters } from './plan/pack.js'
import { planModel } from './plan/plan.js'
import type { Threads } from './threads/choose-threads.js'
import type { CompileModule } from './threads/engine.js'
import { onCallingThread } from './threads/on-calling-thread.js'
import { onWorkers } from './threads/on-workers.js'
import { startWorkerPool } from './threads/worker-pool.js'
import type { ChosenTuning } from './tuning/choose-tuning.js'

/** The text of a model's `device`. */
export function deviceName(level: Level, { text }: Threads, note: string): string {
  return `wasm ${level}${note}, ${text}`
}

/** The SIMD level and tuning that code is generated for, and the threads that run it. */
export interface Target {
  readonly level: Level
  readonly threads: Threads
  readonly chosen: ChosenTuning
  /** Gives the module for the generated code, on the calling thread. Unless given, the code is compiled. */
  readonly compile?: CompileModule | undefined
}

/** Plans a network, generates its code and starts its threads. `Precision` has the numbers that it computes with. */
export async function compileBody<Layer>(
  body: BodyArchitecture,
  { numbers, layers, codec }: Precision<Layer>,
  { level, threads, chosen: { tuning, note }, compile }: Target,
): Promise<CompiledModel> {
  const { workers, share } = threads
  const plan = planModel(body, tuning, numbers, Math.max(1, workers))
  const pack = (memory: ArrayBufferLike): void => packParameters(plan, layers, memory)
  // The workers are started first, because they start while the code is generated.
  const pool = workers === 0 ? null : startWorkerPool(workers, share, threads.workerUrl)
  try {
    const generated = generateModule(plan, level === 'relaxed-simd', pool?.sharesMemory)
    const executor = await (pool === null
      ? onCallingThread(plan, generated, pack, compile)
      : onWorkers(pool, plan, generated, pack))
    return createWasmModel({
      architecture: body,
      device: deviceName(level, threads, `${numbers.note}${note}`),
      plan,
      codec,
      executor,
      codeBytes: generated.bytes.length,
    })
  } catch (error) {
    pool?.terminate(error)
    throw error
  }
}
