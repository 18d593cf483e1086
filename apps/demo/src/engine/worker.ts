import { isFrame } from './frame.js'
import { groups } from './groups.js'
import { operations } from './operations.js'
import type { Asked, Reply, Request } from './protocol.js'

interface WorkerScope {
  onmessage: ((event: MessageEvent<Request>) => void) | null
  postMessage(reply: Reply): void
}

const scope = globalThis as unknown as WorkerScope

type AnyOperation = (...args: readonly unknown[]) => Promise<unknown>

const cancels = new Map<number, AbortController>()

/** The operation of a name, which has the name of its part before a dot. */
async function find(name: string): Promise<AnyOperation> {
  const [group, own] = name.split('.', 2)
  const table = own === undefined ? operations : await groups[group as keyof typeof groups]()
  return table[(own ?? name) as keyof typeof table] as AnyOperation
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null

async function answer({ id, name, args }: Asked): Promise<void> {
  const { signal } = cancels.get(id)!
  try {
    const operation = await find(name)
    signal.throwIfAborted()
    const job = { report: (progress: unknown) => scope.postMessage({ id, kind: 'progress', progress }), signal }
    scope.postMessage({ id, kind: 'done', result: await operation(...args, job) })
  } catch (error) {
    scope.postMessage({ id, kind: 'failed', message: error instanceof Error ? error.message : String(error), code: codeOf(error) })
    // If no operation took a frame, it is closed here.
    for (const frame of args.filter(isFrame)) frame.close()
  } finally {
    cancels.delete(id)
  }
}

// One after the other: two at once would slow each other down and fight over the state of TensorFlow.js.
let queue: Promise<void> = Promise.resolve()
scope.onmessage = ({ data }) => {
  if (data.kind === 'cancel') {
    cancels.get(data.id)?.abort()
    return
  }
  cancels.set(data.id, new AbortController())
  queue = queue.then(() => answer(data))
}
