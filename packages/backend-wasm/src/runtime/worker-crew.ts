import type { Parameters } from '@mobilenetv2/spec'
import { floatBytes } from '../planner/kernel.js'
import type { Plan } from '../planner/plan.js'
import { type Crew, callsOfThread, disposedError, readFloats, writeFloats } from './crew.js'
import { compileModule, takeMemory } from './engine.js'
import type { GeneratedModule } from './generate.js'
import { packParameters } from './pack.js'
import { nextTask } from './pause.js'
import type { Start, Team } from './team.js'

/**
 * Workers on a memory that the calling thread has too. A job runs to its end once it began. Nothing but `held` may hold the memory: a
 * closure outlives dispose.
 */
function createSharingCrew(team: Team, memory: WebAssembly.Memory, pictureAddress: number): Crew {
  let held: WebAssembly.Memory | null = memory
  return {
    bufferBytes: 0,
    async run({ picture, callCount, results }) {
      if (held === null) throw disposedError()
      writeFloats(held, pictureAddress, picture)
      const { times } = await team.order({ picture: null, callCount, results: [] }, [])
      return { results: readFloats(held, results), times }
    },
    dispose() {
      held = null
      team.dismiss(disposedError())
    },
  }
}

/** One worker with its own memory: the picture goes to it and comes back in a buffer that is kept for the next. */
function createRemoteCrew(team: Team, pictureLength: number): Crew {
  let spare: Float32Array<ArrayBuffer> | null = null
  return {
    bufferBytes: pictureLength * floatBytes,
    async run({ picture, callCount, results }) {
      const sent = spare ?? new Float32Array(pictureLength)
      sent.set(picture)
      const answer = await team.order({ picture: sent, callCount, results }, [sent.buffer])
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
      meetingPoint: plan.meetingPoint,
      calls: callsOfThread(plan, generated, thread, team.size),
      pictureAddress: plan.picture.address,
      leads: thread === 0,
      threads: team.size,
    }),
  )
  await team.start(starts, own === null ? [] : [own])
  return memory === null
    ? createRemoteCrew(team, plan.picture.pixels * plan.picture.stride)
    : createSharingCrew(team, memory, plan.picture.address)
}
