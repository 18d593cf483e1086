import { setTimeout as pause } from 'node:timers/promises'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { openQueue } from './open-queue.js'
import { type ConnectionListener, shownAddress } from './redis.js'
import { queueError } from './redis-error.js'
import { progressOf, type RunProgress } from './run.js'

/** Options of `followRun`. */
export interface FollowOptions {
  /** The address of Redis, such as `redis://:PASSWORD@host:6379`. */
  readonly queue: string
  /** The name of the run. */
  readonly run: string
  /** Seconds between two looks: 1 unless given. */
  readonly seconds?: number | undefined
  /** Is told when Redis is away, and when it is back. */
  readonly connection?: ConnectionListener | undefined
}

/** How far a run is, and how fast it goes. `run` is its name, and `batches` the number of its batches. */
export interface FollowedProgress extends RunProgress {
  /** Pictures a second lately; null at the first look. */
  readonly picturesPerSecond: number | null
  /** Seconds until the end at this speed; null while the speed is not known or 0. */
  readonly secondsLeft: number | null
}

/** The speed is measured over this many changes. A batch counts as a whole, and may take a second or minutes. */
const changes = 16

interface Look {
  readonly at: number
  readonly finished: number
}

function speedOf([first]: readonly Look[], now: Look): number | null {
  return first === undefined || first.at === now.at ? null : (1000 * (now.finished - first.finished)) / (now.at - first.at)
}

/** The error for a run whose unfinished batches are not in the queue, so that no worker will take them. */
function stopped({ run, batches, finishedBatches }: RunProgress, reason: string | undefined, where: string): MobileNetV2Error {
  const missing = batches - finishedBatches
  return new MobileNetV2Error('QUEUE', `The queue is empty, and ${missing} batches of the run are not finished.`, {
    where: `run ${run} at ${where}`,
    got: reason,
    remedy: 'Submit the same pictures again: only what is missing is done.',
  })
}

/**
 * Looks how far a run is, again and again, until it is complete.
 * @throws MobileNetV2Error `QUEUE` if Redis cannot be reached or refuses the password, if there is no such run, or if batches are left that
 * are not in the queue; `OPTION` if the address is not one of Redis; `BACKEND` if BullMQ or ioredis is not installed
 * @example
 * ```ts
 * import { followRun } from '@mobilenetv2/queue'
 *
 * for await (const { done, failed, pictures, secondsLeft } of followRun({ queue: 'redis://localhost:6379', run: 'photos' })) {
 *   console.log(`${done} of ${pictures}, ${failed} failed, ${secondsLeft} seconds left`)
 * }
 * ```
 */
export async function* followRun({
  queue: address,
  run,
  seconds = 1,
  connection,
}: FollowOptions): AsyncGenerator<FollowedProgress> {
  const { queue, redis, close } = await openQueue(address, connection)
  const where = shownAddress(address)
  let looks: Look[] = []
  let emptyLooks = 0
  try {
    for (;;) {
      const { waiting, active, delayed, failed } = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed')
      const progress = await progressOf(redis, run, where)
      const now = { at: Date.now(), finished: progress.done + progress.failed }
      const picturesPerSecond = speedOf(looks, now)
      if (looks.at(-1)?.finished !== now.finished) looks = [...looks, now].slice(-changes)
      const left = progress.pictures - now.finished
      const secondsLeft = picturesPerSecond ? left / picturesPerSecond : null
      yield { ...progress, picturesPerSecond, secondsLeft: progress.isComplete ? 0 : secondsLeft }
      if (progress.isComplete) return
      // Three looks in a row, because the queue and the run are not read at the same moment.
      emptyLooks = progress.isSubmitted && waiting + active + delayed === 0 ? emptyLooks + 1 : 0
      if (emptyLooks > 2) {
        const [first] = failed > 0 ? await queue.getFailed(0, 0) : []
        throw stopped(progress, first?.failedReason, where)
      }
      await pause(1000 * seconds)
    }
  } catch (cause) {
    throw queueError('The queue cannot be read.', where, cause)
  } finally {
    await close()
  }
}
