// A worker of `--jobs`: one model on its own thread, which does all the work for a picture, from its file to its answer.
import { setImmediate } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'
import { joinVectors } from '@mobilenetv2/backend-wasm'
import { nodeCode } from '@mobilenetv2/spec/system-errors'
import type { Network } from '@mobilenetv2/weights'
import type { Precision } from '../backends.js'
import { compile } from '../model.js'
import type { PictureSource } from '../picture-source.js'
import * as ask from './ask.js'
import { collect } from './collect.js'
import { errorText } from './error-text.js'

/** One picture for a job. */
export interface Task<Question> {
  readonly source: PictureSource
  readonly question: Question
}

/** What every job is given. */
export interface JobData {
  readonly network: Network
  readonly precision: Precision | undefined
  /** Whether there are enough pictures for the trial of vectors of 256 bits. */
  readonly isWide: boolean
}

// tinypool puts its own data before ours.
const [, { network, precision, isWide }]: [unknown, JobData] = workerData
if (isWide) joinVectors()
const model = await compile(network, { backend: 'wasm', threads: 0, precision })

// Compiling leaves garbage of many megabytes.
collect('all')

/** A full garbage collection runs after this many pictures, because minor collections promote some pictures to the old generation. */
const untilAll = 16
let pictures = 0

async function freePicture(): Promise<void> {
  pictures += 1
  if (pictures % untilAll === 0) return collect('all')
  // Twice, as measured: after one collection and a turn of the event loop the last picture is still there.
  for (let time = 0; time < 2; time++) {
    collect('recent')
    await setImmediate()
  }
}

/** What a job answers for a picture. An error is sent as text and its code, because the rest of it is lost between threads. */
export type Told<Result> = { readonly result: Result } | { readonly error: string; readonly code: string | undefined }

async function tell<Result>(answer: Promise<Result>): Promise<Told<Result>> {
  try {
    return { result: await answer }
  } catch (error) {
    return { error: errorText(error), code: nodeCode(error) }
  } finally {
    await freePicture()
  }
}

/** `classify` of `ask.ts` on this thread's model. */
export async function classify({ source, question }: Task<ask.ClassifyQuestion>): Promise<Told<ask.Classified>> {
  return tell(ask.classify(model, source, question))
}

/** `embed` of `ask.ts` on this thread's model. */
export async function embed({ source, question }: Task<ask.EmbedQuestion>): Promise<Told<ask.Embedded>> {
  return tell(ask.embed(model, source, question))
}

/** `index` of `ask.ts` on this thread's model. */
export async function index({ source, question }: Task<ask.IndexQuestion>): Promise<Told<ask.Indexed>> {
  return tell(ask.index(model, source, question))
}
