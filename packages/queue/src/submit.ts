import { setTimeout as pause } from 'node:timers/promises'
import { integerOption, refuseOption } from '@mobilenetv2/spec'
import type { Question } from './answer.js'
import { type Batch, shortHash, toBatches } from './batch.js'
import type { Queue } from './bullmq.js'
import { openQueue } from './open-queue.js'
import { type ConnectionListener, shownAddress } from './redis.js'
import { queueError } from './redis-error.js'
import { beginRun, countSubmitted, endSubmission, progressOf, type RunProgress, unfinished } from './run.js'

/** Options of `submitPictures`. */
export interface SubmitOptions {
  /** The address of Redis, such as `redis://:PASSWORD@host:6379`. */
  readonly queue: string
  /** The name of the run: letters, digits, `-`, `_` and `.`. */
  readonly run: string
  /** The folder of the parts of the result, with the same path on all machines. */
  readonly parts: string
  /** What is asked about each picture. */
  readonly question: Question
  /** How many pictures a batch has: 256 unless given. */
  readonly batchSize?: number | undefined
  /** Is told when Redis is away, and when it is back. */
  readonly connection?: ConnectionListener | undefined
}

/** How often a batch is tried, and the first pause in milliseconds. Each pause is twice the one before. Together they take four minutes. */
const [attempts, firstPause] = [8, 2000]

/** How many batches are added at once. */
const atOnce = 50

/** While more batches wait, none are added, so that the memory of Redis does not grow with the number of pictures. */
const mostWaiting = 10_000

/** The pause in milliseconds until the waiting batches are counted again. */
const waitingPause = 1000

/**
 * A name for a run, which follows from `texts`. If they state what is submitted and asked, the same submission continues the same
 * run.
 * @example
 * ```ts
 * import { nameRun } from '@mobilenetv2/queue'
 *
 * nameRun(['photos/', 'answers.jsonl', 'top 5']) // => '0a6b790bb19b'
 * ```
 */
export function nameRun(texts: readonly string[]): string {
  return shortHash(texts)
}

async function addBatches(queue: Queue<Batch>, batches: readonly Batch[]): Promise<void> {
  const opts = { attempts, backoff: { type: 'exponential', delay: firstPause }, removeOnComplete: true } as const
  await queue.addBulk(batches.map((data) => ({ name: 'batch', data, opts: { ...opts, jobId: `${data.run}-${data.id}` } })))
}

/**
 * Submits pictures in batches. A picture that comes twice is submitted once. Submitting the same pictures again under the same name continues
 * the run: batches that are finished, and those that wait, are not added again, and failed ones are tried again.
 * @param files paths or addresses, as the workers will read them
 * @throws MobileNetV2Error `OPTION` if an option is out of its range, or if the run has begun with other options; `QUEUE` if Redis cannot be
 * reached, refuses the password or cannot store the batches; `BACKEND` if BullMQ or ioredis is not installed
 * @example
 * ```ts
 * import { submitPictures } from '@mobilenetv2/queue'
 *
 * const { pictures, batches } = await submitPictures(['/photos/cat.jpg', 'https://example.org/dog.jpg'], {
 *   queue: 'redis://localhost:6379',
 *   run: 'photos',
 *   parts: '/results/photos.parts',
 *   question: { top: 5, embedding: false },
 * })
 * console.log(pictures, batches)
 * ```
 */
export async function submitPictures(
  files: Iterable<string> | AsyncIterable<string>,
  { queue: address, run, parts, question, batchSize = 256, connection }: SubmitOptions,
): Promise<RunProgress> {
  integerOption('batchSize', batchSize, 1, 10_000)
  if (!/^[\w.-]{1,100}$/.test(run)) refuseOption('run', run, '1 to 100 letters, digits, -, _ or .')
  const { queue, redis, close } = await openQueue(address, connection)
  try {
    await beginRun(redis, run, { parts, question })
    let chunk: Pick<Batch, 'id' | 'files'>[] = []
    const addChunk = async (): Promise<void> => {
      if (chunk.length === 0) return
      while ((await queue.getJobCounts('waiting')).waiting > mostWaiting) await pause(waitingPause)
      // Batches are counted before they are added: if this process ends in between, the run stays incomplete until they are
      // submitted again.
      await countSubmitted(redis, run, chunk)
      const rest = await unfinished(redis, run, chunk)
      await addBatches(
        queue,
        rest.map((batch) => ({ ...batch, run, parts, question })),
      )
      chunk = []
    }
    for await (const batch of toBatches(files, batchSize)) {
      chunk.push(batch)
      if (chunk.length === atOnce) await addChunk()
    }
    await addChunk()
    await endSubmission(redis, run)
    await queue.retryJobs({ state: 'failed' })
    return await progressOf(redis, run, shownAddress(address))
  } catch (cause) {
    throw queueError('The pictures cannot be submitted.', shownAddress(address), cause)
  } finally {
    await close()
  }
}
