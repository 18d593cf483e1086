import { nextTask } from '@mobilenetv2/runtime'

/** Milliseconds of work between two turns of the event loop. With the longest step added, it stays below the 16 ms of a frame. */
const longestWork = 4

// One event loop serves all pictures of a thread, so all of them share one account of its turns.
let lastTurn = Number.NEGATIVE_INFINITY
let turns = Promise.resolve()

/**
 * Await this before each step of a picture's work. However many pictures this thread has, they work for 4 ms together between two
 * turns of the event loop: in each turn only one waiting picture goes on, the one that has waited longest.
 */
export function sharedPause(): Promise<void> | undefined {
  if (performance.now() - lastTurn < longestWork) return undefined
  turns = turns.then(nextTask).then(() => {
    lastTurn = performance.now()
  })
  return turns
}
