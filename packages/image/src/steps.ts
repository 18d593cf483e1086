/** Long work in short steps: a generator that yields between the steps, and returns the result. */
export type Steps<Result> = Generator<undefined, Result, undefined>

/** Runs all steps at once, and gives the result. */
export function takeAll<Result>(steps: Steps<Result>): Result {
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}
