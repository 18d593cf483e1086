import { refuseUnavailable, splitArchitecture, type Unavailable, withTail } from '@mobilenetv2/runtime'
import {
  type Architecture,
  type Backend,
  type CompiledModel,
  checkOptionNames,
  checkParameters,
  integerOption,
  type Parameters,
} from '@mobilenetv2/spec'
import { generateModule } from './codegen/generate.js'
import { type SimdLevel, simdLevel } from './codegen/simd-level.js'
import { createWasmModel } from './compiled-model.js'
import { planModel } from './plan/plan.js'
import { chooseThreads, mostThreads, type Threads } from './threads/choose-threads.js'
import { onCallingThread } from './threads/on-calling-thread.js'
import { onWorkers } from './threads/on-workers.js'
import { startWorkerPool } from './threads/worker-pool.js'
import { type Tuning, usualTuning } from './tuning/tuning.js'

/** What `wasm` takes. */
export interface WasmOptions {
  /**
   * Workers that share the work: an integer from 0 to 64. 0 is the calling thread, which is busy while the model runs. Unless given:
   * half of the processors, at most 4; or one worker if memory cannot be shared, as on a page that is not cross-origin isolated.
   * The model's `device` says how many there are, and why if they are fewer than asked for.
   */
  readonly threads?: number | undefined
}

type Level = Exclude<SimdLevel, 'none'>

function deviceName(level: Level, { text }: Threads): string {
  return `wasm ${level}, ${text}`
}

const unavailable: Unavailable = {
  available: false,
  reason: 'This engine has no WebAssembly with 128-bit SIMD.',
  remedy:
    'Use Node 20 or later, Chrome 91, Firefox 89 or Safari 16.4 or later, with WebAssembly not switched off; or another backend.',
}

/** Compiles for a given level of SIMD, whatever the engine has; the backend asks the engine. */
export async function compileFor(
  level: Level,
  architecture: Architecture,
  parameters: Parameters,
  threads: Threads,
  tuning: Tuning = usualTuning(level),
): Promise<CompiledModel> {
  checkParameters(architecture, parameters)
  const { workers, share } = threads
  const { body, tail } = splitArchitecture(architecture)
  const plan = planModel(body, tuning, Math.max(1, workers))
  // First of all, since they start while the code is generated.
  const pool = workers === 0 ? null : startWorkerPool(workers, share)
  try {
    const generated = generateModule(plan, level === 'relaxed-simd', pool?.sharesMemory)
    const executor = await (pool === null
      ? onCallingThread(plan, generated, parameters)
      : onWorkers(pool, plan, generated, parameters))
    const model = createWasmModel({
      architecture: body,
      device: deviceName(level, threads),
      plan,
      executor,
      codeBytes: generated.bytes.length,
    })
    return await withTail(model, { architecture, tail, parameters })
  } catch (error) {
    pool?.terminate(error)
    throw error
  }
}

/**
 * MobileNetV2 on WebAssembly kernels that are generated at run time, in browsers and in Node alike.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or out of its range
 */
export function wasm(options: WasmOptions = {}): Backend {
  checkOptionNames(options, ['threads'])
  const asked = options.threads === undefined ? undefined : integerOption('threads', options.threads, 0, mostThreads)
  return {
    name: 'wasm',
    async availability() {
      const level = simdLevel()
      return level === 'none' ? unavailable : { available: true, device: deviceName(level, chooseThreads(asked)) }
    },
    async compile(architecture, parameters) {
      const level = simdLevel()
      if (level === 'none') refuseUnavailable(unavailable)
      return compileFor(level, architecture, parameters, chooseThreads(asked))
    },
  }
}
