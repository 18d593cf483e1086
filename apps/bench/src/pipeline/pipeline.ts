import { fork, type StdioOptions } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { basename, join } from 'node:path'
import type { Progress } from '../lab.js'
import { currentLoad } from '../machine.js'
import { messageOf } from '../message.js'
import { environment } from '../node/environment.js'
import { median } from '../statistics.js'
import type { Answer } from './classifier.js'
import { type ClassifierName, classifierNames, peer, wayOf } from './classifiers.js'
import type { AtOnceAnswer, InTurnAnswer, PipelineJob, PipelineReply } from './jobs.js'
import { writeModel } from './model.js'

/** The figures of one classifier. A figure is null if the classifier could not run, or if the figure is not known. */
export interface PipelineResult {
  readonly name: ClassifierName
  readonly device: string | null
  /** The median time of a photo, one photo after the other. */
  readonly medianMs: number | null
  /**
   * Its time divided by the peer's on the same photo, in one process: the median over the photos. Null for the peer itself, and if
   * the peer could not run.
   */
  readonly ratioToPeer: number | null
  /** The share of photos, 0 to 1, for which its answer is the peer's. */
  readonly agreement: number | null
  /** The time per photo on all cores: the time of all photos divided by their number. */
  readonly msAtOnce: number | null
  readonly peakMemoryBytes: number | null
  readonly error: string | null
  /** A remark that the table prints with the figures. */
  readonly note: string | null
}

export interface PipelineReport {
  readonly node: string
  readonly cpu: string
  /** See `Machine.loadBefore`. */
  readonly loadBefore: number
  readonly workers: number
  readonly photos: number
  readonly model: string
  readonly date: string
  readonly results: readonly PipelineResult[]
}

export interface PipelineSettings {
  /** The folder of the photos. */
  readonly photos: string
  /** A checkpoint, or the id of a published model. */
  readonly model: string | null
}

type Answers = { readonly inTurn: InTurnAnswer; readonly atOnce: AtOnceAnswer }

/** Does one job in a new child process. */
function ask<Job extends PipelineJob>(job: Job, progress: Progress, signal: AbortSignal): Promise<Answers[Job['kind']]> {
  return new Promise((resolve, reject) => {
    const stdio: StdioOptions = ['ignore', 'ignore', 'inherit', 'ipc']
    const child = fork(new URL('./child.js', import.meta.url), { env: environment(1), stdio, signal })
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
  if (names.length === 0) throw new Error(`${folder} contains no photos: give a folder of JPEG, PNG or WebP files`)
  return names.map((name) => join(folder, name))
}

/** A quantised model, because the int8 ways run its integers. */
const defaultModel = 'imagenet-1.0-224'

const nothing: Omit<PipelineResult, 'name' | 'error' | 'note'> = {
  ...{ device: null, medianMs: null, ratioToPeer: null, agreement: null, msAtOnce: null, peakMemoryBytes: null },
}

/** Compares the answers of two classifiers that took the photos in turn. */
function compare(own: readonly Answer[], other: readonly Answer[]): Pick<PipelineResult, 'ratioToPeer' | 'agreement'> {
  return {
    ratioToPeer: median(own.map(({ milliseconds }, index) => milliseconds / other[index]!.milliseconds)),
    agreement: own.filter((answer, index) => answer.index === other[index]!.index).length / own.length,
  }
}

/**
 * Times each way from photos to answers, one photo after the other and on all cores. Each way runs in turn with the peer, in one process.
 */
export async function runPipeline(
  { photos: folder, model: source }: PipelineSettings,
  progress: Progress,
  signal: AbortSignal,
): Promise<PipelineReport> {
  const loadBefore = currentLoad()
  const photos = await photosIn(folder)
  const workers = availableParallelism()
  const { model, remove } = await writeModel(source ?? defaultModel)
  const measure = async (name: ClassifierName, beside: readonly ClassifierName[]): Promise<PipelineResult> => {
    const say: Progress = (text) => progress(`${name}: ${text}`)
    const { devices, answers } = await ask({ kind: 'inTurn', names: [name, ...beside], model, photos }, say, signal)
    say(`${workers} at once`)
    const { milliseconds, peakMemoryBytes } = await ask({ kind: 'atOnce', name, workers, model, photos }, say, signal)
    const [own = [], other] = answers
    return {
      ...{ name, error: null, note: wayOf(name).note ?? null, device: devices[0]!, peakMemoryBytes },
      ...{ medianMs: median(own.map((answer) => answer.milliseconds)), msAtOnce: milliseconds / photos.length },
      ...(other === undefined ? { ratioToPeer: null, agreement: null } : compare(own, other)),
    }
  }
  const tryToMeasure = (name: ClassifierName, beside: readonly ClassifierName[]): Promise<PipelineResult> =>
    measure(name, beside).catch((error) => {
      signal.throwIfAborted()
      return { ...nothing, name, note: wayOf(name).note ?? null, error: messageOf(error) }
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
    ...{ node: process.version, cpu: cpus()[0]?.model.trim() ?? 'unknown', loadBefore, workers, photos: photos.length },
    ...{ model: basename(source ?? defaultModel), date: new Date().toISOString(), results },
  }
}
