import { availableParallelism } from 'node:os'
import { integerOption, refuseOption } from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'
import type { Command } from 'commander'
import { findBackends } from '../backends.js'
import type { PictureSource } from '../picture-source.js'
import * as ask from './ask.js'
import { addModelFlags, type ModelFlags, openChosenModel, readChosenNetwork } from './chosen-model.js'
import type { Task } from './job.js'
import { parseNumber } from './option-parsers.js'

/** The flags of every command that asks one thing of many pictures. */
export interface JobFlags extends ModelFlags {
  readonly jobs?: number | undefined
}

/** Whoever answers for many pictures: a model, or several jobs with one each. */
export interface Answerer extends AsyncDisposable {
  /** How many questions to ask at once: as many as keep all of it busy. */
  readonly atOnce: number
  classify(source: PictureSource, question: ask.ClassifyQuestion): Promise<ask.Classified>
  embed(source: PictureSource, question: ask.EmbedQuestion): Promise<ask.Embedded>
}

/** The most jobs that nobody asked for: each holds a network and a decoded photo, some 60 MB. */
const usualMost = 4

/** So many pictures are worth the start of a job, which takes as long as a few of them. */
const worthAJob = 32

const most = 64

/** Adds the flags that choose a model, what runs it, and in how many jobs. */
export function addJobFlags(command: Command): Command {
  return addModelFlags(command).option(
    '--jobs <count>',
    `threads that each do whole pictures, on backend wasm (default: one for each processor, at most ${usualMost}, and one for every ${worthAJob} pictures)`,
    parseNumber,
  )
}

async function usualJobs({ backend, threads }: JobFlags, pictures: number): Promise<number> {
  const wanted = Math.min(availableParallelism(), usualMost, Math.floor(pictures / worthAJob))
  if (wanted <= 1 || threads !== undefined || (backend !== 'auto' && backend !== 'wasm')) return 1
  // Where another backend could run, auto decides between them, which it does for one model.
  const found = backend === 'auto' ? await findBackends() : []
  const others = found.filter(
    ({ name, auto, availability }) => auto && name !== 'wasm' && availability.available && !availability.software,
  )
  return others.length > 0 ? 1 : wanted
}

function checkJobs({ jobs, threads, backend }: JobFlags): void {
  if (jobs === undefined) return
  integerOption('jobs', jobs, 1, most)
  if (jobs > 1 && threads !== undefined) refuseOption('jobs', jobs, '1 with --threads: a job is one thread')
  if (jobs > 1 && backend !== 'auto' && backend !== 'wasm') {
    refuseOption('jobs', jobs, `1 with --backend ${backend}: jobs run the backend wasm`)
  }
}

function share(values: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength))
  shared.set(values)
  return shared
}

/** The same, with weights in memory that workers share, so that they are there once. */
function shareNetwork(network: Network): Network {
  const layers = Array.from(
    network.parameters,
    ([id, { kernel, bias }]) => [id, { kernel: share(kernel), bias: share(bias) }] as const,
  )
  return { ...network, parameters: new Map(layers) }
}

/** What jobs are to work with: the network, its weights in memory that they share. */
async function readForJobs(flags: JobFlags, jobs: number): Promise<Network> {
  const { network, reason } = await readChosenNetwork(flags)
  if (reason !== null) console.error(`${reason} Backend: wasm, in ${jobs} jobs.`)
  return shareNetwork(network)
}

async function openJobs(flags: JobFlags, jobs: number): Promise<Answerer> {
  const { default: Tinypool } = await import('tinypool')
  const { collect } = await import('./collect.js')
  const filename = new URL('./job.js', import.meta.url).href
  const workerData = await readForJobs(flags, jobs)
  // The file and the weights before they were shared.
  collect('all')
  // What a job makes is small or a picture: room for more would be taken in each.
  const resourceLimits = { maxYoungGenerationSizeMb: 2 }
  const pool = new Tinypool({ filename, workerData, resourceLimits, minThreads: jobs, maxThreads: jobs })
  return {
    // One more each, so that none waits for the next file to be handed out.
    atOnce: 2 * jobs,
    classify: (source, question) => pool.run({ source, question } satisfies Task<ask.ClassifyQuestion>, { name: 'classify' }),
    embed: (source, question) => pool.run({ source, question } satisfies Task<ask.EmbedQuestion>, { name: 'embed' }),
    [Symbol.asyncDispose]: () => pool.destroy(),
  }
}

/**
 * Opens the model that the flags name to answer for so many pictures.
 * @throws MobileNetV2Error `OPTION` where the flags contradict each other; as `load`
 */
export async function openAnswerer(flags: JobFlags, pictures: number): Promise<Answerer> {
  checkJobs(flags)
  const jobs = flags.jobs ?? (await usualJobs(flags, pictures))
  if (jobs > 1) return openJobs(flags, jobs)
  const model = await openChosenModel(flags)
  return {
    // The next ones are read and decoded meanwhile.
    atOnce: 3,
    classify: (source, question) => ask.classify(model, source, question),
    embed: (source, question) => ask.embed(model, source, question),
    [Symbol.asyncDispose]: async () => model.dispose(),
  }
}
