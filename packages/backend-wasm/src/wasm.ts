import { type BodyArchitecture, refuseUnavailable, splitArchitecture, type Unavailable, withTail } from '@mobilenetv2/runtime'
import {
  type Architecture,
  type Backend,
  type CompiledModel,
  checkOptionNames,
  checkParameters,
  choiceOption,
  type IntegerParameters,
  inputLength,
  integerOption,
  MobileNetV2Error,
  type Parameters,
  refuseOption,
  typeOption,
} from '@mobilenetv2/spec'
import { joinVectors, vectors, whyNotJoined } from '#host'
import { generateModule } from './codegen/generate.js'
import { dotTakesBytes, type Level, simdLevel } from './codegen/simd-level.js'
import { createWasmModel } from './compiled-model.js'
import { inFloats, inIntegers, type Precision } from './numbers/precision.js'
import { packParameters } from './plan/pack.js'
import { planModel } from './plan/plan.js'
import { chooseThreads, mostThreads, type Threads } from './threads/choose-threads.js'
import { onCallingThread } from './threads/on-calling-thread.js'
import { onWorkers } from './threads/on-workers.js'
import { startWorkerPool } from './threads/worker-pool.js'
import { type ChosenTuning, checkTuning, chooseTuning } from './tuning/choose-tuning.js'
import { type Tuning, usualTuning } from './tuning/tuning.js'

/** What `wasm` takes. */
export interface WasmOptions {
  /**
   * Workers that share the work: an integer from 0 to 64. 0 is the calling thread, which is busy while the model runs. Unless given:
   * half of the processors, at most 4; or one worker if memory cannot be shared, as on a page that is not cross-origin isolated.
   * The model's `device` says how many there are, and why if they are fewer than asked for.
   */
  readonly threads?: number | undefined
  /**
   * What decides how fast the kernels are, and not what they compute. `auto` unless given: what suits this engine and processor. A page
   * measures that once, in a worker, a second after it compiled a model that has workers, and keeps it in localStorage for later models
   * and visits; until then, and everywhere else, it is a good guess. `off`: the guess.
   */
  readonly tuning?: 'auto' | 'off' | Tuning | undefined
  /**
   * The numbers to compute with; `float32` unless given. `int8` takes the integers of a quantised network as they are, and is an error
   * for another network: bit for bit what TensorFlow Lite computes. `auto` takes what is faster here, which it times; the model's `device`
   * says so.
   */
  readonly precision?: 'float32' | 'int8' | 'auto' | undefined
  /**
   * In Node 24 to 26 on x64: lets V8 join neighbouring vectors to 256 bits. This sets V8's flag `--experimental-wasm-revectorize` for
   * the whole process, and so for all WebAssembly that is compiled from then on. It is an error where V8 has no such flag, and beside any
   * tuning but `auto`. A small network is computed with and without them first; the model's `device` says whether it has 256 bits.
   */
  readonly wide?: boolean | undefined
}

function deviceName(level: Level, { text }: Threads, note: string): string {
  return `wasm ${level}${note}, ${text}`
}

const unavailable: Unavailable = {
  available: false,
  reason: 'This engine has no WebAssembly with 128-bit SIMD.',
  remedy:
    'Use Node 20 or later, Chrome 91, Firefox 89 or Safari 16.4 or later, with WebAssembly not switched off; or another backend.',
}

/** Milliseconds of the fastest of a few runs, of which the first lets the engine compile what it compiles lazily. */
async function timeOf(model: CompiledModel): Promise<number> {
  const zeros = new Float32Array(inputLength(model.architecture))
  let fastest = Number.POSITIVE_INFINITY
  for (let run = 0; run < 4; run++) {
    const start = performance.now()
    await model.run(zeros)
    fastest = Math.min(fastest, performance.now() - start)
  }
  return fastest
}

/** What code is generated for, and who runs it. */
interface Target {
  readonly level: Level
  readonly threads: Threads
  readonly chosen: ChosenTuning
}

/** Plans, generates and starts a model that computes in some numbers. `precisionNote` goes into its device's name. */
async function compileBody<Layer>(
  body: BodyArchitecture,
  { numbers, layers, codec }: Precision<Layer>,
  { level, threads, chosen: { tuning, note } }: Target,
): Promise<CompiledModel> {
  const { workers, share } = threads
  const plan = planModel(body, tuning, numbers, Math.max(1, workers))
  const pack = (memory: ArrayBufferLike): void => packParameters(plan, layers, memory)
  // First of all, since they start while the code is generated.
  const pool = workers === 0 ? null : startWorkerPool(workers, share)
  try {
    const generated = generateModule(plan, level === 'relaxed-simd', pool?.sharesMemory)
    const executor = await (pool === null ? onCallingThread(plan, generated, pack) : onWorkers(pool, plan, generated, pack))
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

/** Compiles for a given level of SIMD, whatever the engine has; the backend asks the engine. */
export async function compileFor(
  level: Level,
  architecture: Architecture,
  parameters: Parameters,
  threads: Threads,
  chosen: ChosenTuning = { tuning: usualTuning(level), note: '' },
): Promise<CompiledModel> {
  const { body, tail } = splitArchitecture(architecture)
  const model = await compileBody(body, inFloats(parameters), { level, threads, chosen })
  return withTail(model, { architecture, tail, parameters })
}

/**
 * As `compileFor`, in integers.
 * @param takesBytes as `dotTakesBytes`
 */
export async function compileIntegers(
  level: Level,
  architecture: Architecture,
  integers: IntegerParameters,
  threads: Threads,
  chosen: ChosenTuning = { tuning: usualTuning(level), note: '' },
  takesBytes: boolean = level === 'relaxed-simd' && dotTakesBytes(),
): Promise<CompiledModel> {
  const { body, tail } = splitArchitecture(architecture)
  const missing = tail[0] ?? body.layers.find(({ id }) => !integers.layers.has(id))
  if (missing !== undefined) {
    throw new MobileNetV2Error('BACKEND', 'The wasm backend cannot run a layer in integers.', {
      where: `layer ${missing.id}`,
      remedy: "Use the precision 'float32', or 'auto'.",
    })
  }
  return compileBody(body, await inIntegers(integers, body, takesBytes), {
    level,
    threads,
    chosen,
  })
}

function refuseNoIntegers(): never {
  throw new MobileNetV2Error('PARAMETERS', 'The network has no integers to compute with.', {
    where: "the precision 'int8'",
    expected: 'a network that was read from a quantised file',
    remedy: "Read the network's `reasons`, which say what a quantised file lacks; or use the precision 'float32'.",
  })
}

/** The integers, or the floats if a layer cannot be run in integers; else the faster of the two, each timed here. */
async function compileFaster(
  inIntegers: () => Promise<CompiledModel>,
  inFloats: () => Promise<CompiledModel>,
): Promise<CompiledModel> {
  const integers = await inIntegers().catch((error: unknown) => {
    if (error instanceof MobileNetV2Error && error.code === 'BACKEND') return null
    throw error
  })
  if (integers === null) return inFloats()
  const floats = await inFloats()
  const [faster, slower] = (await timeOf(integers)) <= (await timeOf(floats)) ? [integers, floats] : [floats, integers]
  slower.dispose()
  return faster
}

/**
 * MobileNetV2 on WebAssembly kernels that are generated at run time, in browsers and in Node alike.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or out of its range
 */
export function wasm(options: WasmOptions = {}): Backend {
  checkOptionNames(options, ['threads', 'tuning', 'precision', 'wide'])
  const asked = options.threads === undefined ? undefined : integerOption('threads', options.threads, 0, mostThreads)
  const tuning = checkTuning(options.tuning)
  const { precision: given = 'float32' } = options
  const precision = choiceOption('precision', given, ['float32', 'int8', 'auto'])
  typeOption('wide', options.wide, 'boolean')
  const reason = options.wide === true ? whyNotJoined() : null
  if (reason !== null) refuseOption('wide', true, `false here: ${reason}`)
  if (options.wide === true && tuning !== 'auto') refuseOption('wide', true, "the tuning 'auto', whose trial compares the kernels")
  const prepare = (): void => {
    if (options.wide === true) joinVectors()
  }
  return {
    name: 'wasm',
    async availability() {
      const level = simdLevel()
      if (level === 'none') return unavailable
      const threads = chooseThreads(asked)
      prepare()
      // A process measures here, because the device's name depends on it. A page's trial changes no name.
      const { note } = vectors() === 'separate' ? { note: '' } : await chooseTuning(tuning, level, threads)
      return { available: true, device: deviceName(level, threads, note) }
    },
    async compile(architecture, parameters, integers = null) {
      checkParameters(architecture, parameters)
      if (precision === 'int8' && integers === null) refuseNoIntegers()
      const level = simdLevel()
      if (level === 'none') refuseUnavailable(unavailable)
      const threads = chooseThreads(asked)
      prepare()
      const chosen = await chooseTuning(tuning, level, threads)
      const inFloat32 = () => compileFor(level, architecture, parameters, threads, chosen)
      if (precision === 'float32' || integers === null) return inFloat32()
      const inInt8 = () => compileIntegers(level, architecture, integers, threads, chosen)
      return precision === 'int8' ? inInt8() : compileFaster(inInt8, inFloat32)
    },
  }
}
