import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
// A job's heap is small, so V8 would start incremental marking at every third photo. That took an eighth of the processor time.
setFlagsFromString('--no-incremental-marking')
// Undefined on an engine other than V8.
const gc: ((options?: { readonly type: 'minor' }) => void) | undefined = runInNewContext('globalThis.gc')

/**
 * Collects garbage now: all of it, or only recent objects. Weights and decoded photos take 10 MB and more each, outside of the heap. The
 * collector sees only their small handles, so without this call it would leave several of them in every thread.
 */
export function collect(garbage: 'all' | 'recent'): void {
  gc?.(garbage === 'all' ? undefined : { type: 'minor' })
}
