import type { HostThreads } from './worker-link.js'

/** The most threads by default. Threads wait for each other after each of some 40 short calls, so more threads gain little. */
const usualMost = 4

/**
 * Why workers cannot share memory here; null if they can. The function tries it, because some engines have SharedArrayBuffer but cannot
 * share memory.
 */
function sharingLimit(): string | null {
  if (typeof SharedArrayBuffer === 'undefined') return 'no SharedArrayBuffer'
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
    const { port1 } = new MessageChannel()
    port1.postMessage(memory)
    port1.close()
    return null
  } catch {
    return 'shared memory cannot be given to workers'
  }
}

/**
 * The threads of an engine that has workers. The default is half of the processors, at most 4: two logical processors mostly share
 * the arithmetic units of one core. If memory cannot be shared, there is one worker.
 */
export function workersOn(processors: number): HostThreads {
  const limit = sharingLimit()
  if (limit !== null) return { usual: 1, most: 1, limit }
  return { usual: Math.min(usualMost, Math.ceil(processors / 2)), most: Number.POSITIVE_INFINITY, limit }
}
