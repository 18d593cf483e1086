import { opened } from '../../engine/current.js'
import type { Job } from '../../engine/protocol.js'
import { type RacerId, race } from './racer.js'

/** What this part asks of the engine. */
export const operations = {
  /** Times the loaded network on one racer: each run is reported in milliseconds. */
  run: (id: RacerId, runs: number, { report }: Job<number>): Promise<{ readonly device: string }> =>
    race(id, opened().network, runs, report),
}
