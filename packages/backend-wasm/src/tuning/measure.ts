import { type BodyArchitecture, disposedError, roundUp, splitArchitecture } from '@mobilenetv2/runtime'
import {
  defineMobileNetV2,
  isWeighted,
  kernelLength,
  type LayerParameters,
  type Parameters,
  type UnsharedFloats,
} from '@mobilenetv2/spec'
import { generateModule } from '../codegen/generate.js'
import type { Level } from '../codegen/simd-level.js'
import { alignment, floatBytes } from '../memory-contract.js'
import { float32 } from '../numbers/float32.js'
import { packParameters } from '../plan/pack.js'
import { type Plan, pageBytes, planModel } from '../plan/plan.js'
import type { Threads } from '../threads/choose-threads.js'
import { countsBytes } from '../threads/counts.js'
import type { Executor, Job } from '../threads/executor.js'
import { onCallingThread } from '../threads/on-calling-thread.js'
import { onWorkers } from '../threads/on-workers.js'
import { startWorkerPool } from '../threads/worker-pool.js'
import { type Trial, tunings } from './tuning.js'

/** How often the network runs with one tuning before the next tuning has its turn: about a millisecond. */
const runsInTurn = 16
/** The least ticks of the clock in a turn. With fewer ticks, turns cannot be compared. */
const fewestTicks = 5

/**
 * The engine optimises the code while the trial runs: V8 within some 10 milliseconds, Firefox and WebKit within up to 100. So the trial
 * ends when no time has become shorter for `settledMilliseconds`.
 */
const settledMilliseconds = 40
const [shortestMilliseconds, longestMilliseconds] = [100, 300]
/** A time counts as shorter if it is below this fraction of the time before. */
const shorter = 0.95

/** Two inverted residual blocks of a small map, the second with a residual: about 50 microseconds. */
function trialNetwork(): BodyArchitecture {
  const table = [[6, 16, 2, 1]] as const
  return splitArchitecture(defineMobileNetV2({ table, stemChannels: 16, headChannels: 0, classes: 0, height: 28, width: 28 })).body
}

const numbers = (length: number): UnsharedFloats => Float32Array.from({ length }, (_, index) => ((index * 7) % 13) / 32 - 0.2)

/** Arbitrary parameters that keep all results small. */
function trialParameters({ layers }: BodyArchitecture): Parameters {
  const weighted = layers.filter(isWeighted)
  return new Map(weighted.map((layer) => [layer.id, { kernel: numbers(kernelLength(layer)), bias: numbers(layer.biasLength) }]))
}

/** One plan that runs each tuning in turn. Each tuning has its own weights and activations, one behind the other in memory. */
function trialPlan(network: BodyArchitecture): { readonly plan: Plan<LayerParameters>; readonly callsOfTurn: number } {
  const plans = tunings.map((tuning) => planModel(network, tuning, float32))
  const largest = (bytesOf: (plan: Plan) => number): number => Math.max(...plans.map(bytesOf))
  let end = largest(({ zeros }) => zeros.bytes)
  const bases = plans.map(({ counts }) => {
    const base = end
    end += roundUp(counts, alignment)
    return base
  })
  const turns = plans.map(({ calls }, index) => {
    const base = bases[index]!
    const placed = calls.map((call) => ({
      ...call,
      input: base + call.input,
      weights: base + call.weights,
      output: base + call.output,
      residual: call.residual === 0 ? 0 : base + call.residual,
    }))
    // Every tuning has the same number of calls, because a tuning does not change which layers a kernel runs.
    return Array.from({ length: runsInTurn }, () => placed).flat()
  })
  const [first] = plans as [Plan, ...Plan[]]
  const atFirst = <Place extends { readonly address: number }>(place: Place): Place => ({
    ...place,
    address: bases[0]! + place.address,
  })
  const bytesOfThread = largest(({ scratch }) => scratch.bytesOfThread)
  const plan: Plan<LayerParameters> = {
    ...first,
    calls: turns.flat(),
    picture: atFirst(first.picture),
    features: atFirst(first.features!),
    weights: { address: 0, bytes: end },
    scratch: { address: end, bytes: bytesOfThread, bytesOfThread },
    counts: end + bytesOfThread,
    pages: Math.ceil((end + bytesOfThread + countsBytes(1)) / pageBytes),
  }
  return { plan, callsOfTurn: turns[0]!.length }
}

async function runTrial(executor: Executor, { features, picture: input, calls }: Plan, callsOfTurn: number): Promise<Trial> {
  const { address, stride } = features!
  const picture = new Uint8Array(numbers(input.pixels * input.stride).buffer)
  const once: Job = { picture, callCount: callsOfTurn / runsInTurn, results: [{ address, bytes: stride * floatBytes }] }
  const all: Job = { picture, callCount: calls.length, results: [] }
  const run = (job: Job) => executor.run(job, () => undefined)
  const first = (await run(once)).results[0]!
  const best = tunings.map(() => Number.POSITIVE_INFINITY)
  let tick = Number.POSITIVE_INFINITY
  const started = performance.now()
  const ends = (now: number, settled: number): boolean =>
    now - started > (now - settled > settledMilliseconds ? shortestMilliseconds : longestMilliseconds)
  for (let now = started, settled = started; !ends(now, settled); ) {
    const { times } = await run(all)
    now = performance.now()
    times.slice(1).forEach((time, index) => {
      if (time > times[index]!) tick = Math.min(tick, time - times[index]!)
    })
    for (const turn of best.keys()) {
      const time = times[(turn + 1) * callsOfTurn]! - times[turn * callsOfTurn]!
      if (time < shorter * best[turn]!) settled = now
      best[turn] = Math.min(best[turn]!, time)
    }
  }
  const last = (await run(once)).results[0]!
  const isFine = Math.min(...best) >= fewestTicks * tick
  return { times: isFine ? best : null, isExact: first.every((value, index) => value === last[index]) }
}

/**
 * A custom section that makes the module unique. For equal modules an engine reuses optimised code, and then the first run would not be in
 * unoptimised code.
 */
function uniqueSection(): number[] {
  const content = new Uint8Array(Float64Array.of(Math.random()).buffer)
  const name = [1, 0x78]
  return [0, name.length + content.length, ...name, ...content]
}

/** Times the tunings on a small network, in a worker if there are any. */
export async function measureTunings(level: Level, { workers, workerUrl }: Pick<Threads, 'workers' | 'workerUrl'>): Promise<Trial> {
  const network = trialNetwork()
  const parameters = trialParameters(network)
  const { plan, callsOfTurn } = trialPlan(network)
  const { bytes, names } = generateModule(plan, level === 'relaxed-simd')
  const code = { bytes: new Uint8Array([...bytes, ...uniqueSection()]), names }
  const pack = (memory: ArrayBufferLike): void => packParameters(plan, parameters, memory)
  const pool = workers === 0 ? null : startWorkerPool(1, false, workerUrl)
  try {
    const executor = await (pool === null ? onCallingThread(plan, code, pack) : onWorkers(pool, plan, code, pack))
    return await runTrial(executor, plan, callsOfTurn)
  } finally {
    pool?.terminate(disposedError())
  }
}
