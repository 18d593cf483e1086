import { availableParallelism, constants } from 'node:os'
import { longestPicture } from '@mobilenetv2/weights'
import type { Command } from 'commander'
import { readBytes } from '../read-bytes.js'
import { fingerprint } from './fingerprint.js'
import { type Answerer, addJobFlags, type JobFlags, mostJobs, openAnswerer } from './jobs.js'
import { parseCount } from './option-parsers.js'
import { report, say } from './output.js'
import { printable } from './printable.js'
import { addQueueFlag, importQueue, type QueueFlags, type QueuePackage } from './queue-flags.js'
import { serveMetrics } from './serve-metrics.js'

interface WorkFlags extends JobFlags, QueueFlags {
  readonly rate?: number
  readonly metrics?: number
}

type Worker = Awaited<ReturnType<QueuePackage['startWorker']>>
type Event = Parameters<NonNullable<Parameters<QueuePackage['startWorker']>[0]['onEvent']>>[0]

/** A worker cannot know how many pictures will come. With this number the answerer tries vectors of 256 bits. */
const many = 1_000_000

/** Seconds between two lines about the worker's health. */
const healthInterval = 10

function textOf(event: Event): string {
  switch (event.kind) {
    case 'redis-away':
      return `Redis is away: ${event.reason}. The worker waits until it is back.`
    case 'redis-back':
      return 'Redis is back.'
    case 'result-stuck':
      return `The result cannot be written to ${event.where}: ${event.reason}. ${event.remedy ?? ''} The worker tries again until it can.`
    case 'result-written':
      return 'The result can be written again.'
    case 'again':
      return `A batch is tried again later: ${event.reason}`
    case 'trouble':
      return event.reason
    default:
      return event satisfies never
  }
}

/** One line about a worker: what it did since the last line, and what it has done in all. */
function healthLine(worker: Worker): (seconds: number) => string {
  let before = 0
  return (seconds) => {
    const { asked, done, failed, batches, active, stuck } = worker.state()
    const speed = (asked - before) / seconds
    before = asked
    const memory = Math.round(process.memoryUsage.rss() / 1e6)
    const health = stuck === null ? 'healthy' : `stuck (${stuck})`
    return `${health}: ${speed.toFixed(1)} pictures/s, ${done} done, ${failed} failed, ${batches} batches, ${active} at work, ${memory} MB`
  }
}

/** SIGTERM and Ctrl-C let the worker finish its batches; a second one ends it at once. */
function stopOnSignals(worker: Worker): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.removeAllListeners(signal)
    process.on(signal, () => {
      process.removeAllListeners(signal)
      process.on(signal, () => process.exit(128 + constants.signals[signal]))
      say(`The worker finishes its batches. Another ${signal} ends it at once.`)
      void worker.stop()
    })
  }
}

/** Answers of one picture: the classes, the features, or both. */
function answerWith(answerer: Answerer, decode: WorkFlags['decode']): Parameters<QueuePackage['startWorker']>[0]['answer'] {
  return async (picture, { top, embedding }) => {
    // The bytes are read on this thread, because an error that tells whether to try again does not pass between threads.
    const bytes = typeof picture === 'string' ? await readBytes(picture, longestPicture) : picture
    if (embedding && top === 1) {
      // One run of the network gives both.
      const indexed = await answerer.index(bytes, { decode })
      return { top: indexed.best && [indexed.best], embedding: indexed.embedding }
    }
    const classified = top === 0 ? null : await answerer.classify(bytes, { top, preview: 0, decode })
    const embedded = embedding ? await answerer.embed(bytes, { normalize: false, decode }) : null
    return { top: classified?.top ?? null, embedding: embedded?.embedding ?? null }
  }
}

async function work({ queue, rate, metrics, ...given }: WorkFlags): Promise<void> {
  const { startWorker } = await importQueue(queue)
  // One network for each processor, unless the flags give a number of threads or another backend.
  const isPlain = given.threads === undefined && (given.backend === 'auto' || given.backend === 'wasm')
  const flags = { ...given, jobs: given.jobs ?? (isPlain ? Math.min(availableParallelism(), mostJobs) : undefined) }
  let model = ''
  await using answerer = await openAnswerer(flags, many, (network) => {
    model = fingerprint(network, given.precision)
  })
  const worker = await startWorker({
    queue,
    model,
    answer: answerWith(answerer, flags.decode),
    atOnce: answerer.atOnce,
    batchesAMinute: rate,
    onEvent: (event) => say(printable(textOf(event))),
  })
  stopOnSignals(worker)
  await using _server = await serveMetrics(metrics, worker)
  say(`The worker takes batches. Model: ${model.slice(0, 12)}.`)
  const line = healthLine(worker)
  const timer = setInterval(() => say(line(healthInterval)), 1000 * healthInterval)
  try {
    await worker.ended
  } catch (error) {
    report(error)
    await worker.stop()
  } finally {
    clearInterval(timer)
  }
  const { done, failed, batches } = worker.state()
  say(`The worker has ended: ${done} done, ${failed} failed, ${batches} batches.`)
}

/** `work`: takes batches of pictures from a queue. */
export function addWork(program: Command): void {
  const command = program
    .command('work')
    .description('take batches of pictures from a queue, and answer them, until SIGTERM or Ctrl-C')
  addQueueFlag(addJobFlags(command))
    .option('--rate <count>', 'the most batches a minute, of all workers together', parseCount)
    .option('--metrics <port>', 'serve /metrics for Prometheus and /health at this port', parseCount)
    .action(work)
}
