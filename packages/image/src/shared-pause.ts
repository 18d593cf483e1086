import { nextTask } from '@mobilenetv2/runtime'

/** Milliseconds of work between two turns of the event loop. Together with the longest step it is less than the 16 ms of a frame. */
const longestWork = 4

// All pictures of a thread share its event loop, and therefore these variables.
let lastTurn = Number.NEGATIVE_INFINITY
let turns = Promise.resolve()

/**
 * Ends when the next step of a picture's work may begin; to be awaited before each step. All pictures of this thread together work for 4 ms
 * between two turns of the event loop. In each turn only one of the waiting pictures goes on: the one that has waited longest.
 */
export function sharedPause(): Promise<void> | undefined {
  if (performance.now() - lastTurn < longestWork) return undefined
  turns = turns.then(nextTask).then(() => {
    lastTurn = performance.now()
  })
  return turns
}
