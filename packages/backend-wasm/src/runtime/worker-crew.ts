import type { Parameters } from '@mobilenetv2/spec'
import type { Plan } from '../planner/plan.js'
import { type Crew, callsOfThread, disposedError } from './crew.js'
import { compileModule, takeMemory } from './engine.js'
import type { GeneratedModule } from './generate.js'
import { packParameters } from './pack.js'
import type { Start, Team } from './team.js'

/** Workers do the work, each its part of every call, and the calling thread is free. A job runs to its end once it began. */
function createWorkerCrew(team: Team): Crew {
  return {
    async run({ picture, callCount, results }) {
      const copy = picture.slice()
      const orders = Array.from({ length: team.size }, (_, thread) =>
        thread === 0 ? { picture: copy, callCount, results } : { picture: null, callCount, results: [] },
      )
      const [first] = await team.ask(orders, [copy.buffer])
      return first!
    },
    dispose: () => team.dismiss(disposedError()),
  }
}

/** A crew of a team's workers: several on one memory that they share, or one with its own, to which the packed weights are sent. */
export async function hireTeam(team: Team, plan: Plan, generated: GeneratedModule, parameters: Parameters): Promise<Crew> {
  const memory = team.size > 1 ? takeMemory(plan.pages, true) : null
  const compiling = compileModule(generated.bytes)
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
  await team.ask(starts, own === null ? [] : [own])
  return createWorkerCrew(team)
}
