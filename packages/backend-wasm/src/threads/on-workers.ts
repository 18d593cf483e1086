import { disposedError, nextTask } from '@mobilenetv2/runtime'
import type { UnsharedBytes } from '@mobilenetv2/spec'
import type { GeneratedModule } from '../codegen/generate.js'
import type { Plan } from '../plan/plan.js'
import { counts, partsOfShare } from './counts.js'
import { compileModule, takeMemory } from './engine.js'
import { callsOfThread, type Executor, type Job, type Pack, readBytes, writeBytes } from './executor.js'
import type { Order, Start, WorkerPool } from './worker-pool.js'
import { programId } from './worker-program.js'

/** The order of the first calls of the plan; each begins where the one before ended, as `counts` says. */
function createOrders(parts: number): (job: Job, picture: Order['picture'], results: Order['results']) => Order {
  let next = 0
  return ({ callCount }, picture, results) => {
    const begin = next
    next = (begin + callCount * parts) | 0
    return { picture, begin, end: next, results }
  }
}

/** Tells the workers that wait for the counts alone. Woken by this thread, which then sleeps, they get a processor of their own at once. */
function announce({ begin, end }: Order, { buffer }: WebAssembly.Memory, countsAddress: number): void {
  const cells = new Int32Array(buffer, countsAddress)
  Atomics.store(cells, counts.begin, begin)
  Atomics.store(cells, counts.end, end)
  Atomics.notify(cells, counts.end)
}

/**
 * Workers on a memory that the calling thread has too. A job runs to its end once it began. Nothing but `held` may hold the memory: a
 * closure outlives dispose.
 */
function sharingExecutor(pool: WorkerPool, memory: WebAssembly.Memory, pictureAddress: number, countsAddress: number): Executor {
  const orderOf = createOrders(partsOfShare(pool.size))
  let held: WebAssembly.Memory | null = memory
  return {
    bufferBytes: 0,
    async run(job) {
      if (held === null) throw disposedError()
      writeBytes(held, pictureAddress, job.picture)
      const order = orderOf(job, null, [])
      const answering = pool.order(order, [])
      announce(order, held, countsAddress)
      const { times } = await answering
      return { results: readBytes(held, job.results), times }
    },
    dispose() {
      held = null
      pool.terminate(disposedError())
    },
  }
}

/** One worker with its own memory: the picture goes to it and comes back in a buffer that is kept for the next. */
function remoteExecutor(pool: WorkerPool, pictureBytes: number): Executor {
  const orderOf = createOrders(partsOfShare(pool.size))
  let spare: UnsharedBytes | null = null
  return {
    bufferBytes: pictureBytes,
    async run(job) {
      const sent = spare ?? new Uint8Array(pictureBytes)
      sent.set(job.picture)
      const answer = await pool.order(orderOf(job, sent, job.results), [sent.buffer])
      spare = answer.picture
      return answer
    },
    dispose() {
      spare = null
      pool.terminate(disposedError())
    },
  }
}

/** Workers do the work: several in one memory that all share, or one in its own, to which the packed weights are sent. */
export async function onWorkers(pool: WorkerPool, plan: Plan, code: GeneratedModule, pack: Pack): Promise<Executor> {
  const memory = pool.sharesMemory ? takeMemory(plan.pages, true) : null
  const compiling = compileModule(code.bytes)
  await nextTask()
  const own = memory === null ? new ArrayBuffer(plan.weights.address + plan.weights.bytes) : null
  pack(own ?? memory!.buffer)
  const module = await compiling
  const starts = Array.from(
    { length: pool.size },
    (_, thread): Start => ({
      program: programId,
      module,
      memory,
      pages: plan.pages,
      weights: own,
      countsAddress: plan.counts,
      calls: callsOfThread(plan, code, thread),
      pictureAddress: plan.picture.address,
      parts: partsOfShare(pool.size),
      thread,
      threads: pool.size,
    }),
  )
  await pool.start(starts, own === null ? [] : [own])
  return memory === null
    ? remoteExecutor(pool, plan.picture.pixels * plan.picture.stride * plan.picture.valueBytes)
    : sharingExecutor(pool, memory, plan.picture.address, plan.counts)
}
