/** The median of some numbers; of two middle numbers, the lower one. */
export function median(values) {
  return values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)]
}

/**
 * Times `task` repeatedly, after rounds that warm up. Times are in milliseconds.
 * @returns median, least, and how many rounds were timed
 */
export async function timeRounds(task, { warmUp, seconds, least, most = Number.POSITIVE_INFINITY }) {
  for (let round = 0; round < warmUp; round++) await task()
  const times = []
  const end = performance.now() + 1000 * seconds
  while ((performance.now() < end || times.length < least) && times.length < most) {
    const start = performance.now()
    await task()
    times.push(performance.now() - start)
  }
  return { median: median(times), least: Math.min(...times), rounds: times.length }
}
