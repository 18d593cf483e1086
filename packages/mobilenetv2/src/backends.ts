import {
  type Architecture,
  type Backend,
  checkOptionNames,
  choiceOption,
  type Global,
  inputLength,
  integerOption,
  MobileNetV2Error,
  refuseOption,
} from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'
import { importNodePackage, missingPackages } from '#files'
import type { ChosenBackend, FoundBackend } from './choose-fastest.js'
import { takeModules } from './emitted-modules.js'
import { importTfjs } from './tfjs-package.js'

/** The number formats that a network can be computed in. */
export const precisions = ['float32', 'float16', 'int8', 'auto'] as const

export type Precision = (typeof precisions)[number]

/** The modules that `mobilenetv2 emit` writes, each as a `WebAssembly.Module`. */
export interface EmittedModules {
  /** The module of `kernels.wasm`. */
  readonly kernels: object
  /** The module of `resize.wasm`, for all models of the thread. It is needed if pictures are resized. */
  readonly resize?: object | undefined
}

/** Options for a backend that is chosen by name. Each works with some backends and is an error with the others. */
export interface BackendOptions {
  /** Threads that share one run. `wasm`: 0 to 64, 0 is the calling thread. `onnxruntime`: 1 to 64. */
  readonly threads?: number | undefined
  /**
   * The numbers to compute with; `float32` unless given. `webgpu`: `float16` stores weights and activations in 16 bits. `wasm`: `int8`
   * computes in the integers of a quantised file, and is an error for another file; `auto` takes the integers if they are faster here.
   */
  readonly precision?: Precision | undefined
  /**
   * `wasm` in Node 24 to 26 on x64: whether to use vectors of 256 bits. This sets a flag of V8 for the whole process. The model's `device`
   * says whether they are faster. An error elsewhere.
   */
  readonly wide?: boolean | undefined
  /**
   * In a page: the address of a file with the program of the workers of `wasm`, for a content security policy that forbids `blob:` in
   * `worker-src`. The file is `mobilenetv2/worker` of the same version, on the page's own origin. `webgpu` starts no workers.
   */
  readonly workerUrl?: string | Global<'URL'> | undefined
  /**
   * `wasm`: the modules that `mobilenetv2 emit` wrote for the network, compiled by the platform. They are for engines that refuse to
   * compile generated code, as on Cloudflare Workers. The network runs on the calling thread, in float32. Modules of another network or
   * version are refused.
   */
  readonly modules?: EmittedModules | undefined
}

export const backendOptionNames: readonly (keyof BackendOptions)[] = ['threads', 'precision', 'wide', 'workerUrl', 'modules']

/** Properties of a backend that are known before it is imported. */
interface BackendRow {
  /** The options that it takes. */
  readonly options: readonly (keyof BackendOptions)[]
  /** The precisions that it takes; none unless given. */
  readonly precisions?: readonly Precision[]
  /** The least number of threads; 0 unless given. */
  readonly leastThreads?: number
  /** The npm packages that it needs, beside those that come with `mobilenetv2`. */
  readonly packages: readonly string[]
  /** The command that installs them, if it is not `npm install` with their names. */
  readonly install?: string
  /** Whether `auto` tries it. */
  readonly auto: boolean
  open(options: BackendOptions): Promise<Backend>
}

/** The name of a backend. */
export type BackendName = 'wasm' | 'webgpu' | 'tfjs' | 'node-cuda' | 'onnxruntime'

/** Every backend that has a name. A new backend is a package and a row here. */
const registry: Readonly<Record<BackendName, BackendRow>> = {
  wasm: {
    options: ['threads', 'precision', 'wide', 'workerUrl', 'modules'],
    precisions: ['float32', 'int8', 'auto'],
    packages: [],
    auto: true,
    async open({ threads, precision, wide, workerUrl, modules }) {
      if (precision === 'float16') return refusePrecision('wasm', precision)
      const kernels = modules && takeModules(modules)
      return (await import('@mobilenetv2/backend-wasm')).wasm({ threads, precision, wide, workerUrl, kernels })
    },
  },
  webgpu: {
    // This backend starts no workers. It accepts `workerUrl` because `auto` passes over a backend that lacks one of the given options.
    options: ['precision', 'workerUrl'],
    precisions: ['float32', 'float16'],
    packages: [],
    auto: true,
    async open({ precision }) {
      if (precision === 'int8' || precision === 'auto') return refusePrecision('webgpu', precision)
      return (await import('@mobilenetv2/backend-webgpu')).webgpu({ precision })
    },
  },
  tfjs: {
    options: [],
    packages: ['@mobilenetv2/tfjs', '@tensorflow/tfjs-core'],
    install:
      "npm install @mobilenetv2/tfjs @tensorflow/tfjs-core. In a page also call provideTfjs() of 'mobilenetv2/tfjs' first, or give tfjs() of @mobilenetv2/tfjs as the backend",
    // It runs on the backend that the program has set up in TensorFlow.js, and cannot run if there is none.
    auto: false,
    async open() {
      try {
        return (await importTfjs()).tfjs()
      } catch (cause) {
        throw await notInstalled('tfjs', cause)
      }
    },
  },
  'node-cuda': {
    options: [],
    packages: ['@mobilenetv2/backend-node-cuda', '@tensorflow/tfjs-core', '@tensorflow/tfjs-node-gpu'],
    auto: true,
    async open() {
      const { nodeCuda } =
        await importNodePackage<typeof import('@mobilenetv2/backend-node-cuda')>('@mobilenetv2/backend-node-cuda')
      return nodeCuda()
    },
  },
  onnxruntime: {
    options: ['threads'],
    packages: ['onnxruntime-node'],
    leastThreads: 1,
    install: 'npm install onnxruntime-node --ignore-scripts (288 MB, for the CPU)',
    auto: true,
    async open({ threads }) {
      const { onnxruntime } = await importNodePackage<typeof import('@mobilenetv2/backend-onnxruntime')>(
        '@mobilenetv2/backend-onnxruntime',
      )
      return onnxruntime({ threads })
    },
  },
}

/** Every backend that `load` knows by name. */
export const backendNames: readonly BackendName[] = Object.keys(registry) as BackendName[]

function refusePrecision(name: BackendName, precision: Precision): never {
  return refuseOption('precision', precision, `one of ${registry[name].precisions?.join(', ')} with the backend ${name}`)
}

async function notInstalled(name: BackendName, cause?: unknown): Promise<MobileNetV2Error> {
  const { packages, install } = registry[name]
  return (await import('./not-installed.js')).notInstalled(name, packages, install, cause)
}

/**
 * Imports a backend by its name. `load` and `compile` do this for the option `backend`; a program calls it to use a backend by itself.
 * @throws MobileNetV2Error `OPTION` if the name is unknown or an option has no effect on this backend; `BACKEND` if a package that it
 * needs is not installed
 * @example
 * ```ts
 * import { openBackend } from 'mobilenetv2'
 *
 * const backend = await openBackend('wasm', { threads: 2 })
 * console.log(await backend.availability())
 * ```
 */
export async function openBackend(name: BackendName, options: BackendOptions = {}): Promise<Backend> {
  checkOptionNames(options, backendOptionNames)
  const row = registry[choiceOption('backend', name, backendNames)]
  for (const option of backendOptionNames) {
    if (options[option] !== undefined && !row.options.includes(option)) {
      const others = backendNames.filter((each) => registry[each].options.includes(option))
      refuseOption(option, options[option], `no value with the backend ${name}; the option is for ${others.join(' and ')}`)
    }
  }
  if (missingPackages(row.packages).length > 0) throw await notInstalled(name)
  return row.open(options)
}

async function find(name: BackendName, options: BackendOptions): Promise<FoundBackend> {
  try {
    const backend = await openBackend(name, options)
    return { name, backend, availability: await backend.availability(), auto: registry[name].auto }
  } catch (error) {
    if (!(error instanceof MobileNetV2Error) || error.code !== 'BACKEND') throw error
    const [reason = ''] = error.message.split('\n')
    const availability = { available: false, reason, remedy: error.details.remedy ?? '' } as const
    return { name, backend: null, availability, auto: registry[name].auto }
  }
}

/** @throws MobileNetV2Error `OPTION` if an option is not known, or if there is no such precision */
function checkBackendOptions(options: BackendOptions): void {
  checkOptionNames(options, backendOptionNames)
  if (options.precision !== undefined) choiceOption('precision', options.precision, precisions)
}

/** The options that are given. */
function givenOptions(options: BackendOptions): (keyof BackendOptions)[] {
  return backendOptionNames.filter((name) => options[name] !== undefined)
}

/**
 * Every backend that takes the options, and whether it can run here: on which device, or why not and what would help.
 * @throws MobileNetV2Error `OPTION` if an option is not known or out of its range. A `BACKEND` error is not thrown: it becomes the
 * backend's `availability`
 * @example
 * ```ts
 * import { findBackends } from 'mobilenetv2'
 *
 * for (const { name, availability } of await findBackends()) {
 *   console.log(name, availability.available ? availability.device : availability.reason)
 * }
 * ```
 */
export async function findBackends(options: BackendOptions = {}): Promise<readonly FoundBackend[]> {
  checkBackendOptions(options)
  return Promise.all(backendNames.filter((name) => takes(name, options)).map((name) => find(name, options)))
}

function takes(name: BackendName, options: BackendOptions): boolean {
  const { options: known, precisions = [], leastThreads = 0 } = registry[name]
  const { threads, precision } = options
  const tooFewThreads = threads !== undefined && threads < leastThreads
  const otherPrecision = precision !== undefined && !precisions.includes(precision)
  return !tooFewThreads && !otherPrecision && givenOptions(options).every((option) => known.includes(option))
}

/** The backends that `auto` tries: those that take all of the given options. */
function automatic(options: BackendOptions): readonly BackendName[] {
  checkBackendOptions(options)
  const names = backendNames.filter((name) => registry[name].auto && takes(name, options))
  if (names.length > 0) return names
  const given = givenOptions(options)
  const values = given.map((name) => options[name])
  return refuseOption(given.join(', '), values, 'options that the same backend takes')
}

function refuseBesideBackend(options: BackendOptions): void {
  const [option] = givenOptions(options)
  if (option !== undefined) refuseOption(option, options[option], 'no value here; give it to the function that made the backend')
}

/**
 * Refuses options that no network could be compiled with, and begins to import the backends. So a wrong option is reported before anything
 * is downloaded, and backends are fetched at the same time as the network.
 * @throws MobileNetV2Error `OPTION` if the backend or an option is not known or has no effect; `BACKEND` if a package that the backend
 * needs is not installed
 */
export async function checkCompileOptions({ backend = 'auto', maxActivationBytes, ...options }: CompileOptions): Promise<void> {
  activationLimit({ maxActivationBytes })
  if (isBackend(backend)) return refuseBesideBackend(options)
  const name = choiceOption('backend', backend, ['auto', ...backendNames])
  if (name !== 'auto') await openBackend(name, options)
  // The backends are fetched while the network is read. If one cannot be imported, compiling reports that later.
  else for (const each of automatic(options)) openBackend(each, options).catch(() => undefined)
}

/** Options of `compile`: the backend that runs the network, and a limit on memory. */
export interface CompileOptions extends BackendOptions {
  /**
   * A backend's name, or a backend that its function has made, such as `wasm()`. `auto` unless given: the fastest backend that can run here
   * on hardware, timed once for each size of network. The options of `BackendOptions` are only for a backend that is chosen by name
   * or by `auto`.
   */
  readonly backend?: BackendName | 'auto' | Backend | undefined
  /**
   * The most bytes that the float32 activations of one picture may take, counted layer by layer: 1 GiB unless given, which is enough for
   * every published network on 2048 x 2048. A small file can describe a network of any size, so this is checked before anything is
   * compiled.
   */
  readonly maxActivationBytes?: number | undefined
}

export const compileOptionNames: readonly (keyof CompileOptions)[] = ['backend', ...backendOptionNames, 'maxActivationBytes']

function activationLimit({ maxActivationBytes = 2 ** 30 }: CompileOptions): number {
  return integerOption('maxActivationBytes', maxActivationBytes, 1, Number.MAX_SAFE_INTEGER)
}

/**
 * Refuses a network that takes more memory than the options allow.
 * @throws MobileNetV2Error `BACKEND`
 */
export async function checkMemory(architecture: Architecture, options: CompileOptions): Promise<void> {
  const limit = activationLimit(options)
  // The sum over all layers is an upper bound of the peak. The code for the exact peak is imported only if the sum is above the limit.
  const values = architecture.layers.map(({ output: { height, width, channels } }) => height * width * channels)
  const most = values.reduce((total, value) => total + value, inputLength(architecture)) * 4
  if (!(most <= limit)) (await import('./memory-limit.js')).refuseAbove(limit, architecture)
}

function isBackend(backend: unknown): backend is Backend {
  return typeof backend === 'object' && backend !== null && 'compile' in backend && 'availability' in backend
}

/** The parts of a network that a backend takes. */
export type CompiledNetwork = Pick<Network, 'architecture' | 'parameters' | 'integers'>

/**
 * Compiles a network on the backend of the options.
 * @throws MobileNetV2Error `OPTION` if the backend or an option is not known or has no effect; `BACKEND` if the backend cannot run
 * here, or if the network takes too much memory. There is no fallback to another backend; only `auto` chooses, and says why
 */
export async function compileOn(
  network: CompiledNetwork,
  { backend = 'auto', maxActivationBytes, ...options }: CompileOptions,
): Promise<ChosenBackend> {
  const { architecture, parameters, integers } = network
  await checkMemory(architecture, { maxActivationBytes })
  if (isBackend(backend)) {
    refuseBesideBackend(options)
    return { backend, compiled: await backend.compile(architecture, parameters, integers), reason: `${backend.name}, as given` }
  }
  const name = choiceOption('backend', backend, ['auto', ...backendNames])
  if (name !== 'auto') {
    const opened = await openBackend(name, options)
    return { backend: opened, compiled: await opened.compile(architecture, parameters, integers), reason: `${name}, as asked for` }
  }
  const names = automatic(options)
  const [{ chooseFastest }, found] = await Promise.all([
    import('./choose-fastest.js'),
    Promise.all(names.map((each) => find(each, options))),
  ])
  return chooseFastest(found, network)
}
