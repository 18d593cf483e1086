import type { HostThreads } from './worker-link.js'

/** Threads meet after each of some 40 short calls, so that more than this gain little. */
const usualMost = 4

/** Why workers cannot share memory here; null if they can. An engine that says that they can may still lack the means: it is tried. */
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
 * The threads of an engine that has workers: half of the processors, at most 4, as what an engine counts are mostly pairs that share
 * one core's arithmetic; one worker if memory cannot be shared.
 */
export function workersOn(processors: number): HostThreads {
  const limit = sharingLimit()
  if (limit !== null) return { usual: 1, most: 1, limit }
  return { usual: Math.min(usualMost, Math.ceil(processors / 2)), most: Number.POSITIVE_INFINITY, limit }
}
