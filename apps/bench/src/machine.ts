import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os'
import type { Lab } from './lab.js'
import type { Machine } from './result.js'

/** The machine that the bench runs on. */
export function describeMachine(labs: readonly Lab[]): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${type()} ${release()} ${arch()}`,
    places: Object.fromEntries(labs.map(({ where, version }) => [where, version])),
  }
}
