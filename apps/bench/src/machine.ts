import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import type { Lab } from './lab.js'
import type { Machine } from './result.js'

/** The system's load: how many tasks want a core, on average over the last minute. Windows does not tell it and gives 0. */
export function currentLoad(): number {
  return loadavg()[0]!
}

/**
 * Describes the machine that the bench runs on.
 * @param loadBefore the load before the bench began, from `currentLoad`
 */
export function describeMachine(labs: readonly Lab[], loadBefore: number): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${type()} ${release()} ${arch()}`,
    loadBefore,
    places: Object.fromEntries(labs.map(({ where, version }) => [where, version])),
  }
}
