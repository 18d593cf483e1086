import { setTimeout as pause } from 'node:timers/promises'
import { integerOption, MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import { systemError } from '@mobilenetv2/spec/system-errors'
import type { ResultLine } from './answer.js'
import { type Answer, afterEnd, answerBatch, answerCarefully, type Suspicion, TryAgainError } from './answer-batch.js'
import type { Batch } from './batch.js'
import { type BullWorker, type Job, loadBullMq, prefix, type Queue, queueName } from './bullmq.js'
import { readPart, writePart } from './parts.js'
import { openRedis, shownAddress } from './redis.js'
import { queueError, redisReason } from './redis-error.js'
import { countFinished, fixModel } from './run.js'

/** Something that a worker tells while it works: its kind, the `reason`, `where` it happened, and the `remedy` if there is one. */
export type WorkerEvent =
  /** Redis cannot be reached any more; the worker waits for it. */
  | { readonly kind: 'redis-away'; readonly reason: string }
  | { readonly kind: 'redis-back' }
  /** The part of a batch cannot be written; the worker tries again until it can. */
  | { readonly kind: 'result-stuck'; readonly where: string; readonly reason: string; readonly remedy: string | undefined }
  | { readonly kind: 'result-written' }
  /** A batch is tried again later. */
  | { readonly kind: 'again'; readonly reason: string }
  /** Redis, or a part of this program, reports something that concerns no batch. */
  | { readonly kind: 'trouble'; readonly reason: string }

/** What a worker has done since it was started. */
export interface WorkerState {
  /** Pictures that were given to `answer`, those of unfinished batches included. */
  readonly asked: number
  /** Pictures with an answer in the finished batches. */
  readonly done: number
  /** Pictures without an answer in the finished batches. */
  readonly failed: number
  /** Finished batches. */
  readonly batches: number
  /** Batches that are at work. */
  readonly active: number
  /** Why nothing goes on; null if all is well. */
  readonly stuck: string | null
}

/** Options of `startWorker`. */
export interface WorkerOptions {
  /** The address of Redis, such as `redis://:PASSWORD@host:6379`. */
  readonly queue: string
  /** Any text that identifies the model. A run takes the answers of one model only. */
  readonly model: string
  /** Answers for one picture. */
  readonly answer: Answer
  /** How many pictures of a batch are given to `answer` at once: 4 unless given. */
  readonly atOnce?: number | undefined
  /** The most batches a minute, of all workers together; no limit unless given. */
  readonly batchesAMinute?: number | undefined
  /** After how many seconds without a sign of life another worker takes a batch: 30 unless given. */
  readonly lockSeconds?: number | undefined
  /** Called for each event, such as a lost connection to Redis. */
  readonly onEvent?: ((event: WorkerEvent) => void) | undefined
}

/** A worker that takes batches from a queue until it is stopped. */
export interface QueueWorker {
  /** What it has done. */
  state(): WorkerState
  /** The numbers of the queue and of this worker, as Prometheus reads them. */
  metrics(): Promise<string>
  /** Resolves when the worker was stopped; rejects with the reason if it ended by itself, as when a run wants another model. */
  readonly ended: Promise<void>
  /** Finishes the batches at work, takes no others, and closes the connections. */
  stop(): Promise<void>
}

/** Batches that are at work at the same time. While one waits for Redis and the disk, the other one keeps the networks busy. */
const concurrency = 2

/** The pause, in milliseconds, before a part that could not be written is tried again. */
const writePause = 3000

/**
 * How often, at most, a batch is taken over from a worker that is not heard of again. A picture that ends the process is found
 * after a few times.
 */
const mostStalled = 100

/** If a process ended at a batch this many times, the pictures of the batch are answered one by one. */
const endsOfSuspicion = 2

const noSuspicion: Suspicion = { at: null, ends: {} }

/** The error for a run that another model answers. */
function otherModel({ run }: Batch, expected: string, got: string): MobileNetV2Error {
  return new MobileNetV2Error(
    'QUEUE',
    'A run of the queue is answered by another model, and answers of two models must not be mixed.',
    {
      where: `run ${run}`,
      expected,
      got,
      remedy: 'Start this worker with the model of the run, or submit the pictures again under another name.',
    },
  )
}

function countLines(lines: readonly ResultLine[]): { readonly done: number; readonly failed: number } {
  const failed = lines.filter((line) => 'problem' in line).length
  return { done: lines.length - failed, failed }
}

/** The state of a worker as text for Prometheus. */
function metricsOf({ done, failed, batches, active, stuck }: WorkerState): string {
  return [
    '# HELP mobilenetv2_pictures_total Pictures that this worker has answered, or not answered, since it was started.',
    '# TYPE mobilenetv2_pictures_total counter',
    `mobilenetv2_pictures_total{outcome="done"} ${done}`,
    `mobilenetv2_pictures_total{outcome="failed"} ${failed}`,
    '# HELP mobilenetv2_batches_total Batches that this worker has finished since it was started.',
    '# TYPE mobilenetv2_batches_total counter',
    `mobilenetv2_batches_total ${batches}`,
    '# HELP mobilenetv2_active_batches Batches that are at work here.',
    '# TYPE mobilenetv2_active_batches gauge',
    `mobilenetv2_active_batches ${active}`,
    '# HELP mobilenetv2_stuck 1 if nothing goes on, because Redis or the disk of the result is not there.',
    '# TYPE mobilenetv2_stuck gauge',
    `mobilenetv2_stuck ${stuck === null ? 0 : 1}`,
    '# HELP mobilenetv2_resident_bytes Memory of this process.',
    '# TYPE mobilenetv2_resident_bytes gauge',
    `mobilenetv2_resident_bytes ${process.memoryUsage.rss()}`,
    '',
  ].join('\n')
}

/**
 * Starts a worker. It takes batches from the queue, gives their pictures to `answer`, and writes a part of the result for each batch. BullMQ
 * gives a batch to another worker if this one is not heard of any more, and tries it again later if pictures could not be read for a reason
 * that may pass.
 * @throws MobileNetV2Error `OPTION` if an option is out of its range; `QUEUE` if Redis cannot be reached or refuses the password; `BACKEND` if
 * BullMQ or ioredis is not installed
 * @example
 * ```ts
 * import { startWorker } from '@mobilenetv2/queue'
 * import { load } from 'mobilenetv2'
 *
 * const model = await load('mobilenet_v2.pth')
 * const worker = await startWorker({
 *   queue: 'redis://localhost:6379',
 *   model: 'mobilenet_v2.pth',
 *   answer: async (picture, { top }) => ({ top: await model.classify(picture, { top }), embedding: null }),
 * })
 * process.once('SIGTERM', () => worker.stop())
 * await worker.ended
 * ```
 */
export async function startWorker({
  queue: address,
  model,
  answer: given,
  atOnce = 4,
  batchesAMinute,
  lockSeconds = 30,
  onEvent = () => {},
}: WorkerOptions): Promise<QueueWorker> {
  integerOption('atOnce', atOnce, 1, 1024)
  integerOption('lockSeconds', lockSeconds, 1, 3600)
  if (batchesAMinute !== undefined) integerOption('batchesAMinute', batchesAMinute, 1, 1_000_000)
  const { Queue, Worker, DelayedError } = loadBullMq()
  let redisAway: string | null = null
  let resultStuck: string | null = null
  const { redis, close } = await openRedis(address, {
    away(reason) {
      redisAway = `Redis is away: ${reason}`
      onEvent({ kind: 'redis-away', reason })
    },
    back() {
      redisAway = null
      onEvent({ kind: 'redis-back' })
    },
  })
  const counts = { asked: 0, done: 0, failed: 0, batches: 0, active: 0 }
  const answer: Answer = (picture, question) => {
    counts.asked += 1
    return given(picture, question)
  }
  const stopping = new AbortController()
  let endWith: { resolve(): void; reject(error: unknown): void } = { resolve() {}, reject() {} }
  const ended = new Promise<void>((resolve, reject) => {
    endWith = { resolve, reject }
  })
  // A caller that only stops the worker need not wait for this.
  ended.catch(() => {})

  const state = (): WorkerState => ({ ...counts, stuck: redisAway ?? resultStuck })

  /** Writes the part of a batch, and waits for as long as that fails. False if the worker was stopped meanwhile. */
  const writePatiently = async (batch: Batch, lines: readonly ResultLine[]): Promise<boolean> => {
    for (;;) {
      try {
        await writePart(batch, lines)
        if (resultStuck !== null) onEvent({ kind: 'result-written' })
        resultStuck = null
        return true
      } catch (error) {
        const { got, remedy } = systemError(error)
        if (resultStuck === null) onEvent({ kind: 'result-stuck', where: batch.parts, reason: got, remedy })
        resultStuck = `the result cannot be written: ${got}`
      }
      await pause(writePause, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return false
    }
  }

  // Only one picture under suspicion at a time, so that it is known which one ended the process.
  let careful: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = careful.then(work)
    careful = result.catch(() => undefined)
    return result
  }

  const answerJob = async (job: Job<Batch, Suspicion>): Promise<ResultLine[]> => {
    const { data: batch, stalledCounter, attemptsMade, opts } = job
    if (stalledCounter < endsOfSuspicion) return answerBatch(batch, answer, atOnce, attemptsMade + 1 >= (opts.attempts ?? 1))
    const suspicion = afterEnd(typeof job.progress === 'object' ? job.progress : noSuspicion)
    await job.updateProgress(suspicion)
    return inTurn(() => answerCarefully(batch, answer, suspicion, (next) => job.updateProgress(next)))
  }

  const processJob = async (job: Job<Batch, Suspicion>, token: string | undefined): Promise<void> => {
    const { data: batch } = job
    counts.active += 1
    try {
      const fixed = await fixModel(redis, batch.run, model)
      if (fixed !== model) {
        end(otherModel(batch, fixed, model))
        await job.moveToDelayed(Date.now(), token)
        throw new DelayedError()
      }
      // The part is there if a worker ended between writing it and counting the batch as finished.
      const written = await readPart(batch).catch(() => null)
      const lines = written ?? (await answerJob(job))
      if (written === null && !(await writePatiently(batch, lines))) {
        await job.moveToDelayed(Date.now() + writePause, token)
        throw new DelayedError()
      }
      const { done, failed } = countLines(lines)
      await countFinished(redis, batch, { done, failed })
      counts.done += done
      counts.failed += failed
      counts.batches += 1
    } finally {
      counts.active -= 1
    }
  }

  const options = { connection: redis, prefix }
  const queue: Queue<Batch> = new Queue<Batch>(queueName, options)
  const worker: BullWorker = new Worker<Batch, Suspicion>(queueName, processJob, {
    ...options,
    concurrency,
    maxStalledCount: mostStalled,
    lockDuration: 1000 * lockSeconds,
    stalledInterval: 1000 * lockSeconds,
    ...(batchesAMinute === undefined ? {} : { limiter: { max: batchesAMinute, duration: 60_000 } }),
  })
  const tellTrouble = (error: unknown): void => {
    // If Redis is away, the listener of the connection has said so.
    if (redisAway === null) onEvent({ kind: 'trouble', reason: redisReason(error).got })
  }
  worker.on('error', tellTrouble)
  queue.on('error', tellTrouble)
  worker.on('failed', (_, error) => {
    onEvent(
      error instanceof TryAgainError ? { kind: 'again', reason: error.message } : { kind: 'trouble', reason: messageOf(error) },
    )
  })

  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      stopping.abort()
      await worker.close()
      await queue.close()
      close()
      endWith.resolve()
    })()
    return stopped
  }
  const end = (error: MobileNetV2Error): void => {
    endWith.reject(error)
    void stop()
  }

  return {
    state,
    ended,
    stop,
    async metrics() {
      const own = metricsOf(state())
      if (redisAway !== null) return own
      const ofQueue = await queue.exportPrometheusMetrics().catch((cause: unknown) => {
        throw queueError('The queue cannot be counted.', shownAddress(address), cause)
      })
      return `${own}${ofQueue}\n`
    },
  }
}
