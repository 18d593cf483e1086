/** The longest wait, in milliseconds. It is longer than any run. A worker that failed never counts down, so the wait must end. */
const longestWait = 30_000

const counters = new Set<Int32Array<SharedArrayBuffer>>()

/** Waits until no worker runs code of ONNX Runtime: if a worker is ended while it does, the binding aborts the process. */
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

/** Lets the process wait at its exit until `unfinished[0]`, which the worker counts down, is 0. Gives a function that undoes this. */
export function guardExit(unfinished: Int32Array<SharedArrayBuffer>): () => void {
  if (counters.size === 0) process.on('exit', waitForWorkers)
  counters.add(unfinished)
  return () => {
    counters.delete(unfinished)
    if (counters.size === 0) process.off('exit', waitForWorkers)
  }
}
