import type { Operations } from './operations.js'
import type { Reply, Request } from './protocol.js'

type Name = keyof Operations
type WithoutReport<Args extends readonly unknown[]> = Args extends readonly [...infer Rest, (progress: never) => void] ? Rest : Args
type ProgressOf<Args extends readonly unknown[]> = Args extends readonly [...unknown[], (progress: infer Progress) => void]
  ? Progress
  : never

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
  else asked.reject(new Error(data.message))
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

/** Asks the engine, which works in a worker so that the page is never blocked. Frames among the arguments are handed over. */
export function ask<Operation extends Name>(
  name: Operation,
  args: WithoutReport<Parameters<Operations[Operation]>>,
  report: (progress: ProgressOf<Parameters<Operations[Operation]>>) => void = () => {},
): Promise<Awaited<ReturnType<Operations[Operation]>>> {
  lastId += 1
  const request: Request = { id: lastId, name, args }
  return new Promise((resolve, reject) => {
    waiting.set(request.id, { resolve: resolve as Waiting['resolve'], reject, report: report as Waiting['report'] })
    worker().postMessage(
      request,
      args.filter((value) => value instanceof ImageBitmap || ('VideoFrame' in globalThis && value instanceof VideoFrame)),
    )
  })
}
