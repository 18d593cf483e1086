// A worker of `--jobs`: one model on its own thread, which does the whole way from a picture's file to its answer.
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { workerData } from 'node:worker_threads'
import { compileModel, type ModelContent } from '../load.js'
import type { PictureSource } from '../picture-source.js'
import * as ask from './ask.js'

/** One picture for a job. */
export interface Task<Question> {
  readonly source: PictureSource
  readonly question: Question
}

// tinypool puts its own data first.
const [, content]: [unknown, ModelContent] = workerData
const model = await compileModel(content, { backend: 'wasm', threads: 0 })

setFlagsFromString('--expose-gc')
const collect: (options: { type: 'minor' }) => void = runInNewContext('gc')

/** A decoded photo is 10 MB and more, which a garbage collector does not see: left to itself it lets several of them lie in each job. */
async function freePictures(): Promise<void> {
  collect({ type: 'minor' })
  // What frees them is called by the event loop, in which nothing may come before it.
  await setImmediate()
}

/** `classify` of `ask.ts` on this thread's model. */
export async function classify({ source, question }: Task<ask.ClassifyQuestion>): Promise<ask.Classified> {
  return ask.classify(model, source, question).finally(freePictures)
}

/** `embed` of `ask.ts` on this thread's model. */
export async function embed({ source, question }: Task<ask.EmbedQuestion>): Promise<ask.Embedded> {
  return ask.embed(model, source, question).finally(freePictures)
}
