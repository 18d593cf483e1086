import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { highestMemory } from '../memory.js'
import { messageOf } from '../message.js'
import { type Answer, type Classifier, warmUp } from './classifier.js'
import { wayOf } from './classifiers.js'
import type { AtOnce, AtOnceAnswer, InTurn, InTurnAnswer, PipelineJob, PipelineReply } from './jobs.js'
import type { WorkerTask } from './worker.js'

async function inTurn({ names, model, photos }: InTurn, progress: (text: string) => void): Promise<InTurnAnswer> {
  const classifiers: Classifier[] = []
  for (const name of names) classifiers.push(await wayOf(name).open(model))
  for (const photo of photos.slice(0, warmUp)) for (const { classify } of classifiers) await classify(photo)
  const answers: Answer[][] = names.map(() => [])
  for (const [number, photo] of photos.entries()) {
    progress(`photo ${number + 1} of ${photos.length}`)
    for (const [index, { classify }] of classifiers.entries()) answers[index]!.push(await classify(photo))
  }
  return { devices: classifiers.map(({ device }) => device), answers }
}

async function onThreads({ name, model, photos, workers }: AtOnce): Promise<AtOnceAnswer> {
  const workerData: WorkerTask = { name, model, photos, next: new Int32Array(new SharedArrayBuffer(4)) }
  const threads = Array.from({ length: workers }, () => new Worker(new URL('./worker.js', import.meta.url), { workerData }))
  await Promise.all(threads.map((thread) => once(thread, 'message')))
  const start = performance.now()
  const done = threads.map((thread) => once(thread, 'message'))
  for (const thread of threads) thread.postMessage('go')
  await Promise.all(done)
  return { milliseconds: performance.now() - start, peakMemoryBytes: await highestMemory(process.pid) }
}

function atOnce(job: AtOnce): Promise<AtOnceAnswer> {
  return wayOf(job.name).atOnce?.(job) ?? onThreads(job)
}

function send(reply: PipelineReply): Promise<void> {
  return new Promise((resolve) => process.send?.(reply, () => resolve()))
}

process.once('disconnect', () => process.exit())
process.once('message', async (job: PipelineJob) => {
  try {
    if (job.kind === 'inTurn') {
      await send({ kind: 'inTurn', answer: await inTurn(job, (text) => void send({ kind: 'progress', text })) })
    } else await send({ kind: 'atOnce', answer: await atOnce(job) })
  } catch (error) {
    await send({ kind: 'error', message: messageOf(error) })
  }
  process.exit()
})
