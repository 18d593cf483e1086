/** Long work in short steps: it yields between them, and returns its result. */
export type Steps<Result> = Generator<undefined, Result, undefined>

/** Takes all steps at once. */
export function takeAll<Result>(steps: Steps<Result>): Result {
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}
