import { MobileNetV2Error, type UnsharedBytes } from '@mobilenetv2/spec'
import { startWorker } from '#host'
import type { WorkerLink } from '../host/worker-link.js'
import type { Region } from '../plan/plan.js'
import type { NamedCall, Outcome } from './executor.js'
import { workerProgram } from './worker-program.js'

/** A worker's first message: the model, and its place in the pool. */
export interface Start {
  /** The `programId` that the worker must have. A file that the page serves may be of an older version. */
  readonly program: string
  readonly module: WebAssembly.Module
  /** The shared memory; null if the worker has its own, of `pages` pages, which begins with `weights`. */
  readonly memory: WebAssembly.Memory | null
  readonly pages: number
  readonly weights: ArrayBuffer | null
  readonly countsAddress: number
  readonly calls: readonly NamedCall[]
  readonly pictureAddress: number
  /** The number of parts of a share in each call. */
  readonly parts: number
  readonly thread: number
  readonly threads: number
}

/** Every later message. It goes to the first worker. A worker with its own memory gets the picture in it, and answers with the results. */
export interface Order {
  readonly picture: UnsharedBytes | null
  /** The numbers of the parts of each share in this order, from `begin` to before `end` (see `counts`). */
  readonly begin: number
  readonly end: number
  readonly results: readonly Region[]
}

export interface Answer extends Outcome {
  /** The buffer of the order, which comes back to be reused. */
  readonly picture: UnsharedBytes | null
}

interface Failure {
  readonly error: string
}

/** A pool of workers. The first worker takes the orders for all. */
export interface WorkerPool {
  readonly size: number
  /** Whether they share memory with the calling thread. If not, the pool is a single worker with its own memory. */
  readonly sharesMemory: boolean
  /** Sends each worker its first message; resolves when all are ready. */
  start(messages: readonly Start[], transfer: readonly ArrayBuffer[]): Promise<void>
  /** Sends an order to the first worker; resolves with its answer. */
  order(message: Order, transfer: readonly ArrayBuffer[]): Promise<Answer>
  /** Ends the workers. A call that waits for an answer, and every later call, rejects with `reason`. */
  terminate(reason: unknown): void
}

const isFailure = (answer: unknown): answer is Failure => typeof answer === 'object' && answer !== null && 'error' in answer

function remedyOf(started: boolean, url: string | undefined): string {
  if (started) return 'Dispose of the model and compile it again.'
  if (url !== undefined) {
    return "Check that workerUrl is the address of this version's mobilenetv2/worker on the page's own origin, that worker-src allows it, and that it is served with the page's Cross-Origin-Embedder-Policy. With the option threads: 0 there is no worker."
  }
  return "If the page has a content security policy, it must allow 'wasm-unsafe-eval' in script-src, and blob: in worker-src unless the option workerUrl names a file; if memory is short, dispose of models that are no longer used. With the option threads: 0 there is no worker."
}

function workerError(cause: unknown, started: boolean, url: string | undefined): MobileNetV2Error {
  return new MobileNetV2Error('BACKEND', started ? 'A worker of the model failed.' : 'A worker of the model does not start.', {
    where: url === undefined ? undefined : `option workerUrl: ${url}`,
    got: cause instanceof Error ? cause.message : String(cause),
    remedy: remedyOf(started, url),
    cause,
  })
}

/**
 * Starts `size` workers, which get their first messages when the model is ready.
 * @param url the address of a file with their program; unless given, workers start from text
 */
export function startWorkerPool(size: number, sharesMemory: boolean, url?: string): WorkerPool {
  let failure: { readonly reason: unknown } | null = null
  let waiting: { missing: number; resolve: (answer: Answer) => void; reject: (reason: unknown) => void } | null = null
  let started = false
  const links: WorkerLink[] = []
  const failed = (cause: unknown): void => terminate(workerError(cause, started, url))

  const answered = (answer: unknown): void => {
    if (isFailure(answer)) {
      failed(answer.error)
      return
    }
    if (waiting === null) return
    waiting.missing -= 1
    if (waiting.missing > 0) return
    const { resolve } = waiting
    waiting = null
    links[0]?.hold(false)
    resolve(answer as Answer)
  }

  const terminate = (reason: unknown): void => {
    if (failure !== null) return
    failure = { reason }
    for (const link of links.splice(0)) link.terminate()
    waiting?.reject(reason)
    waiting = null
  }

  const send = (messages: readonly (Start | Order)[], transfer: readonly ArrayBuffer[]): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (failure !== null) {
        reject(failure.reason)
        return
      }
      waiting = { missing: messages.length, resolve, reject }
      links[0]?.hold(true)
      try {
        for (const [thread, message] of messages.entries()) links[thread]!.post(message, thread === 0 ? transfer : [])
      } catch (cause) {
        failed(cause)
      }
    })

  try {
    for (let thread = 0; thread < size; thread++) {
      links.push(startWorker(workerProgram, { message: answered, failure: failed }, url))
    }
  } catch (cause) {
    failed(cause)
  }

  return {
    size,
    sharesMemory,
    async start(messages, transfer) {
      await send(messages, transfer)
      started = true
    },
    order: (message, transfer) => send([message], transfer),
    terminate,
  }
}
