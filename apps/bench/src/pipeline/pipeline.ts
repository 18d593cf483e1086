import { fork } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { toOnnx, toSafetensors } from '@mobilenetv2/weights'
import { readNetwork } from 'mobilenetv2'
import { writeToDisk } from '../handover.js'
import type { Progress } from '../lab.js'
import { messageOf } from '../message.js'
import { median } from '../statistics.js'
import { type ClassifierName, classifierNames, type PipelineModel, peer } from './classifiers.js'
import type { AtOnceAnswer, InTurnAnswer, PipelineJob, PipelineReply } from './jobs.js'

/** What was measured of one classifier; null where it could not run or is not known. */
export interface PipelineResult {
  readonly name: ClassifierName
  readonly device: string | null
  /** Of one photo after the other: the median. */
  readonly medianMs: number | null
  /** The median over the photos of its time by that of the peer on the same photo, in one process. Null without the peer, and for it. */
  readonly ratioToPeer: number | null
  /** Of how many photos, as a fraction, its answer is the peer's. */
  readonly agreement: number | null
  /** On all processors: the time of all photos by their number. */
  readonly msAtOnce: number | null
  readonly peakMemoryBytes: number | null
  readonly error: string | null
}

export interface PipelineReport {
  readonly node: string
  readonly cpu: string
  readonly workers: number
  readonly photos: number
  readonly model: string
  readonly date: string
  readonly results: readonly PipelineResult[]
}

export interface PipelineSettings {
  /** A folder. */
  readonly photos: string
  /** A checkpoint, or the id of a published model. */
  readonly model: string | null
}

type Answers = { readonly inTurn: InTurnAnswer; readonly atOnce: AtOnceAnswer }

/** Does one job in a process of its own. */
function ask<Job extends PipelineJob>(job: Job, progress: Progress, signal: AbortSignal): Promise<Answers[Job['kind']]> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./child.js', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], signal })
    child.once('error', reject)
    child.once('exit', (code, by) => reject(new Error(`the process ended with ${by ?? `code ${code}`} before it answered`)))
    child.on('message', (reply: PipelineReply) => {
      switch (reply.kind) {
        case 'progress':
          return progress(reply.text)
        case 'error':
          return reject(new Error(reply.message))
        default:
          return resolve(reply.answer as Answers[Job['kind']])
      }
    })
    child.send(job)
  })
}

async function photosIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).toSorted()
  if (names.length === 0) throw new Error(`${folder} has no photos: JPEG, PNG or WebP`)
  return names.map((name) => join(folder, name))
}

/** The network in the forms that the classifiers read. */
async function prepare(source: string): Promise<{ model: PipelineModel; remove(): Promise<void> }> {
  const network = await readNetwork(source)
  const files = new Map([
    ['model.safetensors', toSafetensors(network)],
    ['model.onnx', toOnnx(network)],
  ])
  const { folder, remove } = await writeToDisk(files)
  const { height, width } = network.architecture.input
  const { mean, deviation } = network.preprocessing
  const model = { safetensors: join(folder, 'model.safetensors'), onnx: join(folder, 'model.onnx'), height, width, mean, deviation }
  return { model, remove }
}

const nothing: Omit<PipelineResult, 'name' | 'error'> = {
  ...{ device: null, medianMs: null, ratioToPeer: null, agreement: null, msAtOnce: null, peakMemoryBytes: null },
}

/** From photos to answers, one after the other and on all processors. Each classifier meets the peer in a process with it alone. */
export async function runPipeline(
  { photos: folder, model: source }: PipelineSettings,
  progress: Progress,
  signal: AbortSignal,
): Promise<PipelineReport> {
  const photos = await photosIn(folder)
  const workers = availableParallelism()
  const { model, remove } = await prepare(source ?? 'imagenet-1.0-224')
  const measure = async (name: ClassifierName, beside: readonly ClassifierName[]): Promise<PipelineResult> => {
    const say: Progress = (text) => progress(`${name}: ${text}`)
    const { devices, times, answers } = await ask({ kind: 'inTurn', names: [name, ...beside], model, photos }, say, signal)
    say(`${workers} at once`)
    const { milliseconds, peakMemoryBytes } = await ask({ kind: 'atOnce', name, workers, model, photos }, say, signal)
    const [own = [], other] = times
    const [ownAnswers = [], otherAnswers] = answers
    return {
      ...{ name, error: null, device: devices[0]!, medianMs: median(own), peakMemoryBytes },
      ratioToPeer: other === undefined ? null : median(own.map((time, index) => time / other[index]!)),
      agreement:
        otherAnswers === undefined
          ? null
          : ownAnswers.filter((answer, index) => answer === otherAnswers[index]).length / photos.length,
      msAtOnce: milliseconds / photos.length,
    }
  }
  const tryToMeasure = (name: ClassifierName, beside: readonly ClassifierName[]): Promise<PipelineResult> =>
    measure(name, beside).catch((error) => {
      signal.throwIfAborted()
      return { ...nothing, name, error: messageOf(error) }
    })
  const results: PipelineResult[] = []
  try {
    const ofPeer = await tryToMeasure(peer, [])
    const beside = ofPeer.error === null ? [peer] : []
    for (const name of classifierNames) results.push(name === peer ? ofPeer : await tryToMeasure(name, beside))
  } finally {
    await remove()
  }
  return {
    ...{ node: process.version, cpu: cpus()[0]?.model.trim() ?? 'unknown', workers, photos: photos.length },
    ...{ model: source ?? 'imagenet-1.0-224', date: new Date().toISOString(), results },
  }
}
