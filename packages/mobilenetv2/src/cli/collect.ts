import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
// With heaps as small as a job's, V8 starts to mark all of it beside the work for every third photo: an eighth of all processor time.
setFlagsFromString('--no-incremental-marking')
// Only V8 has it.
const gc: ((options?: { readonly type: 'minor' }) => void) | undefined = runInNewContext('globalThis.gc')

/**
 * Collects garbage now: all of it, or what was made lately. Weights and decoded photos are 10 MB and more that a garbage collector does
 * not see behind its small objects, so that left to itself it lets several of them lie in every thread.
 */
export function collect(garbage: 'all' | 'recent'): void {
  gc?.(garbage === 'all' ? undefined : { type: 'minor' })
}
