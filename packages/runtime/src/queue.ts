/** Runs a task when all tasks before it have ended, however they ended. Gives what the task gives. */
export type Queue = <Result>(task: () => Promise<Result>) => Promise<Result>

/** A queue for tasks that share something: runs of one model share its memory. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = last.then(task)
    last = result.catch(() => undefined)
    return result
  }
}
