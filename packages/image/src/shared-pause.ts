import { nextTask } from '@mobilenetv2/runtime'

/** Milliseconds of work between two turns of the event loop. The longest step is added to it, and both stay below the 16 of a frame. */
const longestWork = 4

// One event loop serves all pictures of a thread, so all of them share one account of its turns.
let lastTurn = Number.NEGATIVE_INFINITY
let turns = Promise.resolve()

/**
 * To be awaited before each step of a picture's work. All pictures of this thread together work for 4 ms between two turns of the
 * event loop, however many they are: a turn lets only one waiting picture go on, the first that waited.
 */
export function sharedPause(): Promise<void> | undefined {
  if (performance.now() - lastTurn < longestWork) return undefined
  turns = turns.then(nextTask).then(() => {
    lastTurn = performance.now()
  })
  return turns
}
