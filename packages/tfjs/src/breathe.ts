/** Long work lets other tasks in, so that a page stays alive and a signal can fire, after this many milliseconds. */
const longestSilence = 50

const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** A function to wait for between two pieces of long work: it lets other tasks in where the last time is a while ago. */
export function createBreather(): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last <= longestSilence) return
    await nextTask()
    last = performance.now()
  }
}
