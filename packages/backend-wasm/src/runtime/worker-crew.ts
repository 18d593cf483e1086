import { disposedError, nextTask } from '@mobilenetv2/runtime'
import type { Parameters } from '@mobilenetv2/spec'
import { counts, partsOfShare } from '../planner/counts.js'
import { floatBytes } from '../planner/kernel.js'
import type { Plan } from '../planner/plan.js'
import { type Crew, callsOfThread, type Job, readFloats, writeFloats } from './crew.js'
import { compileModule, takeMemory } from './engine.js'
import type { GeneratedModule } from './generate.js'
import { packParameters } from './pack.js'
import type { Order, Start, Team } from './team.js'

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
function createSharingCrew(team: Team, memory: WebAssembly.Memory, pictureAddress: number, countsAddress: number): Crew {
  const orderOf = createOrders(partsOfShare(team.size))
  let held: WebAssembly.Memory | null = memory
  return {
    bufferBytes: 0,
    async run(job) {
      if (held === null) throw disposedError()
      writeFloats(held, pictureAddress, job.picture)
      const order = orderOf(job, null, [])
      const answering = team.order(order, [])
      announce(order, held, countsAddress)
      const { times } = await answering
      return { results: readFloats(held, job.results), times }
    },
    dispose() {
      held = null
      team.dismiss(disposedError())
    },
  }
}

/** One worker with its own memory: the picture goes to it and comes back in a buffer that is kept for the next. */
function createRemoteCrew(team: Team, pictureLength: number): Crew {
  const orderOf = createOrders(partsOfShare(team.size))
  let spare: Float32Array<ArrayBuffer> | null = null
  return {
    bufferBytes: pictureLength * floatBytes,
    async run(job) {
      const sent = spare ?? new Float32Array(pictureLength)
      sent.set(job.picture)
      const answer = await team.order(orderOf(job, sent, job.results), [sent.buffer])
      spare = answer.picture
      return answer
    },
    dispose() {
      spare = null
      team.dismiss(disposedError())
    },
  }
}

/** A crew of a team's workers, on one memory that all share; or of one with its own, to which the packed weights are sent. */
export async function hireTeam(team: Team, plan: Plan, generated: GeneratedModule, parameters: Parameters): Promise<Crew> {
  const memory = team.sharesMemory ? takeMemory(plan.pages, true) : null
  const compiling = compileModule(generated.bytes)
  // If something else fails first, nobody asks how this ended.
  compiling.catch(() => undefined)
  await nextTask()
  const own = memory === null ? new ArrayBuffer(plan.weights.address + plan.weights.bytes) : null
  packParameters(plan.packed, parameters, own ?? memory!.buffer)
  const module = await compiling
  const starts = Array.from(
    { length: team.size },
    (_, thread): Start => ({
      module,
      memory,
      pages: plan.pages,
      weights: own,
      countsAddress: plan.counts,
      calls: callsOfThread(plan, generated, thread),
      pictureAddress: plan.picture.address,
      parts: partsOfShare(team.size),
      thread,
      threads: team.size,
    }),
  )
  await team.start(starts, own === null ? [] : [own])
  return memory === null
    ? createRemoteCrew(team, plan.picture.pixels * plan.picture.stride)
    : createSharingCrew(team, memory, plan.picture.address, plan.counts)
}
