import { disposedError, nextTask } from '@mobilenetv2/runtime'
import type { UnsharedBytes } from '@mobilenetv2/spec'
import type { GeneratedModule } from '../codegen/generate.js'
import type { Plan } from '../plan/plan.js'
import { counts, partsOfShare } from './counts.js'
import { compileModule, takeMemory } from './engine.js'
import { callsOfThread, type Executor, type Job, type Pack, readBytes, writeBytes } from './executor.js'
import type { Order, Start, WorkerPool } from './worker-pool.js'
import { programId } from './worker-program.js'

/** Creates orders for the first calls of the plan. The numbers of each order begin where those of the order before end (see `counts`). */
function createOrders(parts: number): (job: Job, picture: Order['picture'], results: Order['results']) => Order {
  let next = 0
  return ({ callCount }, picture, results) => {
    const begin = next
    next = (begin + callCount * parts) | 0
    return { picture, begin, end: next, results }
  }
}

/** Wakes the workers that wait for the counts. The calling thread sleeps afterwards, so that each worker soon gets a processor. */
function announce({ begin, end }: Order, { buffer }: WebAssembly.Memory, countsAddress: number): void {
  const cells = new Int32Array(buffer, countsAddress)
  Atomics.store(cells, counts.begin, begin)
  Atomics.store(cells, counts.end, end)
  Atomics.notify(cells, counts.end)
}

/**
 * An executor whose workers share their memory with the calling thread. A job that has begun runs to its end. Only the variable `held` may
 * refer to the memory: a closure keeps its other variables in memory after `dispose`.
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

/** An executor of one worker with its own memory. The picture is transferred to it in a buffer, which comes back and is reused. */
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

/**
 * Creates an executor that does the work on workers: several that share one memory, or one that gets the packed weights for its own memory.
 */
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
