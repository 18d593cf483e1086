import { isFrame } from './frame.js'
import type { Operations } from './groups.js'
import type { Job, Reply, Request } from './protocol.js'

type Name = keyof Operations
type WithoutJob<Args extends readonly unknown[]> = Args extends readonly [...infer Rest, Job<never>] ? Rest : Args
type ProgressOf<Args extends readonly unknown[]> = Args extends readonly [...unknown[], Job<infer Progress>] ? Progress : never

/** What the engine says went wrong. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  /** The code of the packages' error; null for any other. */
  readonly code: string | null

  constructor(message: string, code: string | null) {
    super(message)
    this.code = code
  }
}

/** How a question is followed: `report` is told its progress, `signal` cancels it. */
interface Following<Progress> {
  readonly report?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
  report(progress: unknown): void
}

const waiting = new Map<number, Waiting>()
let lastId = 0
let started: Worker | null = null

function receive({ data }: MessageEvent<Reply>): void {
  const asked = waiting.get(data.id)
  if (asked === undefined) return
  if (data.kind === 'progress') {
    asked.report(data.progress)
    return
  }
  waiting.delete(data.id)
  if (data.kind === 'done') asked.resolve(data.result)
  else asked.reject(new EngineError(data.message, data.code))
}

function worker(): Worker {
  if (started !== null) return started
  started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  started.onmessage = receive
  started.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(`The engine stopped: ${event.message || 'it cannot be loaded'}`))
    waiting.clear()
  }
  return started
}

function send(request: Request, transfer: Transferable[] = []): void {
  worker().postMessage(request, transfer)
}

/**
 * Asks the engine, which works in a worker so that the page is never blocked. Frames among the arguments are handed over.
 * @throws the signal's reason, as soon as the engine has ended what it was asked for
 */
export function ask<Operation extends Name>(
  name: Operation,
  args: WithoutJob<Parameters<Operations[Operation]>>,
  { report, signal }: Following<ProgressOf<Parameters<Operations[Operation]>>> = {},
): Promise<Awaited<ReturnType<Operations[Operation]>>> {
  lastId += 1
  const id = lastId
  return new Promise((resolve, reject) => {
    const cancel = (): void => send({ kind: 'cancel', id })
    const settled = (): void => signal?.removeEventListener('abort', cancel)
    waiting.set(id, {
      resolve(result) {
        settled()
        ;(resolve as Waiting['resolve'])(result)
      },
      reject(error) {
        settled()
        reject(signal?.aborted ? signal.reason : error)
      },
      report: (report as Waiting['report'] | undefined) ?? (() => {}),
    })
    send({ kind: 'ask', id, name, args }, args.filter(isFrame))
    if (signal?.aborted) cancel()
    signal?.addEventListener('abort', cancel)
  })
}
