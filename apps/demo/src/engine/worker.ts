import { operations } from './operations.js'
import type { Reply, Request } from './protocol.js'

interface WorkerScope {
  onmessage: ((event: MessageEvent<Request>) => void) | null
  postMessage(reply: Reply): void
}

const scope = globalThis as unknown as WorkerScope

type AnyOperation = (...args: readonly unknown[]) => Promise<unknown>

async function answer({ id, name, args }: Request): Promise<void> {
  try {
    const operation = operations[name as keyof typeof operations] as AnyOperation
    const result = await operation(...args, (progress: unknown) => scope.postMessage({ id, kind: 'progress', progress }))
    scope.postMessage({ id, kind: 'done', result })
  } catch (error) {
    scope.postMessage({ id, kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
}

// One after the other: two at once would slow each other down and fight over the state of TensorFlow.js.
let queue: Promise<void> = Promise.resolve()
scope.onmessage = ({ data }) => {
  queue = queue.then(() => answer(data))
}
