import { refuseUnavailable, splitArchitecture, type Unavailable, withTail } from '@mobilenetv2/runtime'
import {
  type Architecture,
  type Backend,
  brandOf,
  type CompiledModel,
  checkOptionNames,
  checkParameters,
  choiceOption,
  type Global,
  integerOption,
  type Parameters,
  refuseOption,
  typeOption,
} from '@mobilenetv2/spec'
import { joinVectors, takesWorkerUrl, vectors, whyNotJoined } from '#host'
import { type Level, simdLevel } from './codegen/simd-level.js'
import { compileBody, deviceName } from './compile-body.js'
import { inFloats } from './numbers/precision.js'
import { chooseThreads, mostThreads, type Threads } from './threads/choose-threads.js'
import { type ChosenTuning, checkTuning, chooseTuning } from './tuning/choose-tuning.js'
import { type Tuning, usualTuning } from './tuning/tuning.js'

/** Options of `wasm`. */
export interface WasmOptions {
  /**
   * The number of workers that share the work: an integer from 0 to 64. With 0 the calling thread does the work, and is blocked meanwhile.
   * Unless given, half of the processors, at most 4. If memory cannot be shared, as on a page that is not cross-origin isolated, there is
   * one worker. The model's `device` says how many there are, and why if there are fewer than asked for.
   */
  readonly threads?: number | undefined
  /**
   * The sizes of the kernels' tiles, which change their speed and not their results. `auto` unless given: what suits this engine and
   * processor. A page measures that once, in a worker, a second after it has compiled its first model with workers, and keeps the result in
   * localStorage for later models and visits. Until then, and everywhere else, a guess by the engine's name is used. `off`: always the
   * guess.
   */
  readonly tuning?: 'auto' | 'off' | Tuning | undefined
  /**
   * The numbers to compute with; `float32` unless given. `int8` computes in the integers of a quantised network, bit for bit as TensorFlow
   * Lite does, and is an error for another network. `auto` times both and takes the faster one; the model's `device` says which.
   */
  readonly precision?: 'float32' | 'int8' | 'auto' | undefined
  /**
   * In Node 24 to 26 on x64: whether V8 may join neighbouring vectors to 256 bits. This sets V8's flag `--experimental-wasm-revectorize`
   * for the whole process, and so for all WebAssembly that is compiled from then on. It is an error if V8 does not have the flag, and with
   * any tuning but `auto`. Before vectors of 256 bits are used, a small float32 network is run with and without them, and times and results
   * are compared. The model's `device` says whether it uses 256 bits.
   */
  readonly wide?: boolean | undefined
  /**
   * In a page: the address of a file with the workers' program, for a content security policy that forbids `blob:` in `worker-src`. The file
   * is `@mobilenetv2/backend-wasm/worker` of the same version. It must be on the page's own origin; on a page that is cross-origin isolated
   * it must be served with `Cross-Origin-Embedder-Policy: require-corp`. Unless given, workers start from text.
   */
  readonly workerUrl?: string | Global<'URL'> | undefined
  /**
   * Kernels that were compiled ahead of time: the `WebAssembly.Module` of the file that `emitKernels` of `@mobilenetv2/backend-wasm/emit`
   * wrote for the network. They run on the calling thread, in float32. They are for engines that refuse to compile generated code, as on
   * Cloudflare Workers. Kernels of another network or version are refused. `threads`, `tuning`, `precision`, `wide` and `workerUrl`
   * have no effect on them, so it is an error to set one of these too.
   */
  readonly kernels?: object | undefined
}

const unavailable: Unavailable = {
  available: false,
  reason: 'This engine has no WebAssembly with 128-bit SIMD.',
  remedy: 'Use Node 20, Chrome 91, Firefox 89, Safari 16.4 or later, and do not switch WebAssembly off; or use another backend.',
}

/** @throws MobileNetV2Error `OPTION` if `kernels` is not a module, or another option has no effect beside it */
function checkKernels({ kernels, threads, tuning, precision, wide, workerUrl }: WasmOptions): void {
  if (kernels === undefined) return
  if (brandOf(kernels) !== 'WebAssembly.Module') refuseOption('kernels', brandOf(kernels), 'a WebAssembly.Module')
  if ((threads ?? 0) !== 0) refuseOption('threads', threads, '0 beside the option kernels')
  if ((precision ?? 'float32') !== 'float32') refuseOption('precision', precision, 'float32 beside the option kernels')
  for (const [name, value] of Object.entries({ tuning, wide, workerUrl })) {
    if (value !== undefined) refuseOption(name, value, 'nothing beside the option kernels')
  }
}

/** The address that the option `workerUrl` gives. */
function checkWorkerUrl(url: unknown): string | undefined {
  if (url === undefined) return undefined
  if (!takesWorkerUrl) refuseOption('workerUrl', url, 'nothing in Node, where workers start from text')
  return typeof url === 'string' || brandOf(url) === 'URL' ? String(url) : refuseOption('workerUrl', url, 'an address')
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
 * The backend `wasm`: runs a network on WebAssembly kernels that are generated for it at run time, in browsers and in Node.
 * @throws MobileNetV2Error `OPTION` if an option is unknown, out of its range, or cannot be used here. `compile` throws `BACKEND` if the
 * engine has no WebAssembly SIMD, refuses the code or has too little memory, and `PARAMETERS` if the parameters do not fit the architecture
 * @example
 * ```ts
 * import { wasm } from '@mobilenetv2/backend-wasm'
 * import { load } from 'mobilenetv2'
 *
 * const model = await load('mobilenet_v2.tflite', { backend: wasm({ threads: 2, precision: 'auto' }) })
 * console.log(model.device)
 * ```
 */
export function wasm(options: WasmOptions = {}): Backend {
  checkOptionNames(options, ['threads', 'tuning', 'precision', 'wide', 'workerUrl', 'kernels'])
  const asked = options.threads === undefined ? undefined : integerOption('threads', options.threads, 0, mostThreads)
  const tuning = checkTuning(options.tuning)
  const { precision: given = 'float32' } = options
  const precision = choiceOption('precision', given, ['float32', 'int8', 'auto'])
  typeOption('wide', options.wide, 'boolean')
  const reason = options.wide === true ? whyNotJoined() : null
  if (reason !== null) refuseOption('wide', true, `false here: ${reason}`)
  if (options.wide === true && tuning !== 'auto') refuseOption('wide', true, "the tuning 'auto', whose trial compares the kernels")
  const workerUrl = checkWorkerUrl(options.workerUrl)
  checkKernels(options)
  const { kernels } = options
  const ahead = () => import('./ahead/compile-ahead.js')
  // A page waits for each request, so this one is made while the checkpoint is read. If it fails, the import in `compile` fails too.
  if (precision !== 'float32') import('./compile-integers.js').catch(() => undefined)
  const prepare = (): void => {
    if (options.wide === true) joinVectors()
  }
  return {
    name: 'wasm',
    async availability() {
      const level = simdLevel()
      if (level === 'none') return unavailable
      if (kernels !== undefined) return { available: true, device: (await ahead()).aheadDevice(kernels, chooseThreads(0)) }
      const threads = chooseThreads(asked, workerUrl)
      prepare()
      // A process runs the trial here, because the text of `device` depends on it. In a page it does not.
      const { note } = vectors() === 'separate' ? { note: '' } : await chooseTuning(tuning, level, threads)
      return { available: true, device: deviceName(level, threads, precision === 'int8' ? `, int8${note}` : note) }
    },
    async compile(architecture, parameters, integers = null) {
      checkParameters(architecture, parameters, precision !== 'int8')
      const level = simdLevel()
      if (level === 'none') refuseUnavailable(unavailable)
      if (kernels !== undefined) return (await ahead()).compileAhead(kernels, architecture, parameters, chooseThreads(0))
      const threads = chooseThreads(asked, workerUrl)
      prepare()
      const chosen = await chooseTuning(tuning, level, threads)
      const inFloat32 = () => compileFor(level, architecture, parameters, threads, chosen)
      if (precision === 'float32' || (precision === 'auto' && integers === null)) return inFloat32()
      const { compileIntegers } = await import('./compile-integers.js')
      const inInt8 = () => compileIntegers(level, architecture, integers, threads, chosen)
      return precision === 'int8' ? inInt8() : (await import('./compile-faster.js')).compileFaster(inInt8, inFloat32)
    },
  }
}
