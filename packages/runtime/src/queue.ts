/** Runs a task when all earlier tasks have ended, whether they failed or not. Returns the task's result. */
export type Queue = <Result>(task: () => Promise<Result>) => Promise<Result>

/**
 * Creates a queue for tasks that must not run at the same time, such as the runs of one model, which share its memory.
 * @example
 * ```ts
 * import { createQueue } from '@mobilenetv2/runtime'
 *
 * const queue = createQueue()
 * const results = await Promise.all([queue(async () => 'first'), queue(async () => 'second')])
 * ```
 */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = last.then(task)
    // The queue must not keep the last result alive.
    last = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }
}
