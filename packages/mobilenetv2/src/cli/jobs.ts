import { availableParallelism } from 'node:os'
import { joinVectors } from '@mobilenetv2/backend-wasm'
import { type IntegerParameters, integerOption, refuseOption } from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'
import type { Command } from 'commander'
import { checkCompileOptions, checkMemory, findBackends, type Precision } from '../backends.js'
import type { PictureSource } from '../picture-source.js'
import * as ask from './ask.js'
import { addModelFlags, type ChosenNetwork, compileChosen, type ModelFlags, readChosenNetwork } from './chosen-model.js'
import { JobError } from './error-text.js'
import type { JobData, Task, Told } from './job.js'
import { parseNumber } from './option-parsers.js'
import { say } from './output.js'
import { decodeOption } from './picture-files.js'

/** The flags of every command that does the same work for many pictures. */
export interface JobFlags extends ModelFlags {
  readonly decode?: 'exact' | 'fast' | undefined
  readonly jobs?: number | undefined
}

/** Answers for many pictures: one model, or several jobs with a model each. */
export interface Answerer extends AsyncDisposable {
  /** How many pictures it must be given at once to stay busy. */
  readonly atOnce: number
  classify(source: PictureSource, question: ask.ClassifyQuestion): Promise<ask.Classified>
  embed(source: PictureSource, question: ask.EmbedQuestion): Promise<ask.Embedded>
  index(source: PictureSource, question: ask.IndexQuestion): Promise<ask.Indexed>
}

/** The largest default for `--jobs`. Each job takes about 60 MB for its network and a decoded photo. */
const usualMost = 4

/**
 * Starting a job takes as long as a few pictures, so by default there is one job for each 32 pictures. From 32 pictures on, the trial of
 * vectors of 256 bits pays too.
 */
const worthAJob = 32

/** The most jobs that can be asked for. */
export const mostJobs = 64

/** Adds the flags that choose a model, its backend, and the number of jobs. */
export function addJobFlags(command: Command): Command {
  return addModelFlags(command)
    .option(
      '--jobs <count>',
      `threads that each process whole pictures, with a model each, on the backend wasm (default: one per processor, at most ${usualMost}, and at most one per ${worthAJob} pictures)`,
      parseNumber,
    )
    .addOption(decodeOption())
}

async function usualJobs({ backend, threads, precision }: JobFlags, pictures: number): Promise<number> {
  const wanted = Math.min(availableParallelism(), usualMost, Math.floor(pictures / worthAJob))
  if (wanted <= 1 || threads !== undefined || (backend !== 'auto' && backend !== 'wasm')) return 1
  // If another backend can run, `auto` must time both, which it does for one model only.
  const found = backend === 'auto' ? await findBackends({ precision }) : []
  const others = found.filter(
    ({ name, auto, availability }) => auto && name !== 'wasm' && availability.available && !availability.software,
  )
  return others.length > 0 ? 1 : wanted
}

function checkJobs({ jobs, threads, backend, precision }: JobFlags): void {
  if (jobs === undefined) return
  integerOption('jobs', jobs, 1, mostJobs)
  if (jobs > 1 && threads !== undefined) refuseOption('jobs', jobs, '1 with --threads: a job is one thread')
  if (jobs > 1 && backend !== 'auto' && backend !== 'wasm') {
    refuseOption('jobs', jobs, `1 with --backend ${backend}: jobs run the backend wasm`)
  }
  if (jobs > 1 && precision === 'float16') refuseOption('jobs', jobs, '1 with --precision float16: jobs run the backend wasm')
}

/** The bytes of an array in shared memory. */
function share({ buffer, byteOffset, byteLength }: Float32Array | Int16Array): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(byteLength)
  new Uint8Array(shared).set(new Uint8Array(buffer, byteOffset, byteLength))
  return shared
}

const shareFloats = (values: Float32Array): Float32Array => new Float32Array(share(values))

function shareIntegers({ layers, ...rest }: IntegerParameters): IntegerParameters {
  const shared = Array.from(
    layers,
    ([id, layer]) => [id, layer.kind === 'pool' ? layer : { ...layer, kernel: new Int16Array(share(layer.kernel)) }] as const,
  )
  return { ...rest, layers: new Map(shared) }
}

/**
 * Copies a network's weights into shared memory, so that the workers share one copy. Integers are left out if the precision does not need
 * them.
 */
function shareNetwork(network: Network, precision: Precision | undefined): Network {
  const layers = Array.from(
    network.parameters,
    ([id, { kernel, bias }]) => [id, { kernel: shareFloats(kernel), bias: shareFloats(bias) }] as const,
  )
  const integers = precision === undefined || precision === 'float32' ? null : network.integers
  return { ...network, parameters: new Map(layers), integers: integers && shareIntegers(integers) }
}

/** The network for the jobs, with its weights in shared memory. */
function forJobs({ network, reason }: ChosenNetwork, flags: JobFlags, jobs: number): Network {
  if (reason !== null) say(`${reason} Backend: wasm, in ${jobs} jobs.`)
  return shareNetwork(network, flags.precision)
}

async function openJobs(chosen: ChosenNetwork, flags: JobFlags, jobs: number, isWide: boolean): Promise<Answerer> {
  const { default: Tinypool } = await import('tinypool')
  const { collect } = await import('./collect.js')
  const filename = new URL('./job.js', import.meta.url).href
  const network = forJobs(chosen, flags, jobs)
  await checkMemory(network.architecture, {})
  const workerData: JobData = { network, precision: flags.precision, isWide }
  // The bytes of the file and the original weights are garbage now.
  collect('all')
  // A job's objects are small, and its pictures lie outside of the heap. A larger young generation would only fill up in each job.
  const resourceLimits = { maxYoungGenerationSizeMb: 2 }
  const pool = new Tinypool({ filename, workerData, resourceLimits, minThreads: jobs, maxThreads: jobs })
  const run = async <Question, Result>(name: keyof typeof import('./job.js'), task: Task<Question>): Promise<Result> => {
    const told: Told<Result> = await pool.run(task, { name })
    if ('error' in told) throw new JobError(told.error, told.code)
    return told.result
  }
  return {
    // Two pictures for each job, so that no job waits for its next one.
    atOnce: 2 * jobs,
    classify: (source, question) => run('classify', { source, question }),
    embed: (source, question) => run('embed', { source, question }),
    index: (source, question) => run('index', { source, question }),
    [Symbol.asyncDispose]: () => pool.destroy(),
  }
}

/**
 * Opens the model that the flags name, in one job or several, depending on the number of pictures.
 * @param check throws if the network cannot do what the command needs; called before the first picture
 * @throws MobileNetV2Error `OPTION` if the flags contradict each other; as `load`; what `check` throws
 */
export async function openAnswerer(
  flags: JobFlags,
  pictures: number,
  check: (network: Network) => void = () => {},
): Promise<Answerer> {
  await checkJobFlags(flags)
  const chosen = await readChosenNetwork(flags)
  check(chosen.network)
  return openNetwork(chosen, flags, pictures)
}

/**
 * Checks the flags before a network is read.
 * @throws MobileNetV2Error `OPTION` if they contradict each other
 */
export async function checkJobFlags(flags: JobFlags): Promise<void> {
  checkJobs(flags)
  const { backend, threads, precision } = flags
  await checkCompileOptions({ backend, threads, precision })
}

/**
 * As `openAnswerer`, for a network that was read.
 * @throws MobileNetV2Error as `compile`
 */
export async function openNetwork(chosen: ChosenNetwork, flags: JobFlags, pictures: number): Promise<Answerer> {
  const jobs = flags.jobs ?? (await usualJobs(flags, pictures))
  const isWide = pictures >= worthAJob
  if (jobs > 1) return openJobs(chosen, flags, jobs, isWide)
  if (isWide) joinVectors()
  const model = await compileChosen(chosen, flags)
  return {
    // While the network runs on one picture, the next two are read and decoded.
    atOnce: 3,
    classify: (source, question) => ask.classify(model, source, question),
    embed: (source, question) => ask.embed(model, source, question),
    index: (source, question) => ask.index(model, source, question),
    [Symbol.asyncDispose]: async () => model.dispose(),
  }
}
