/** Rounds of a race. */
export const rounds = 20

/** Seconds of runs after which a slow racer is done before the last round: plain JavaScript takes half a second a picture. */
export const secondsAtMost = 3

/** Whether a racer with these times, in milliseconds, has run often enough. */
export function hasFinished(times: readonly number[]): boolean {
  return times.length >= rounds || times.reduce((sum, time) => sum + time, 0) > 1000 * secondsAtMost
}
