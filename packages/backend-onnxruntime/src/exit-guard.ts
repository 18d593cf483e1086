/** Longer than any run takes, but not for ever: a worker that failed counts down no more. */
const longestWait = 30_000

const counters = new Set<Int32Array<SharedArrayBuffer>>()

/** Waits until no worker is inside ONNX Runtime: its binding aborts the process if a worker is ended there. */
function waitForWorkers(): void {
  const end = performance.now() + longestWait
  for (const unfinished of counters) {
    for (let left = 1; left > 0; ) {
      const count = Atomics.load(unfinished, 0)
      left = count === 0 ? 0 : end - performance.now()
      if (left > 0) Atomics.wait(unfinished, 0, count, left)
    }
  }
}

/** Has the process wait at its exit until `unfinished[0]`, which the worker counts down, is 0. Gives a function that takes that back. */
export function guardExit(unfinished: Int32Array<SharedArrayBuffer>): () => void {
  if (counters.size === 0) process.on('exit', waitForWorkers)
  counters.add(unfinished)
  return () => {
    counters.delete(unfinished)
    if (counters.size === 0) process.off('exit', waitForWorkers)
  }
}
