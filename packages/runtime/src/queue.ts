/** Runs a task when all earlier tasks have ended, with or without an error. Returns the task's result. */
export type Queue = <Result>(task: () => Promise<Result>) => Promise<Result>

/** A queue for tasks that must not run at once: the runs of one model share its memory. */
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
