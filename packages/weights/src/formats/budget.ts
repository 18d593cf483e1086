import { CheckpointError } from '../checkpoint-error.js'

/** What a file may make its reader allocate or copy beyond its own size, in bytes; half of what a reader is granted in all. */
const allowance = 32 * 1024 * 1024

/** Counts what a reader allocates or walks through for one file. */
export interface Budget {
  /**
   * Takes `bytes` before they are allocated.
   * @throws CheckpointError if the file asks for more than it may
   */
  take(bytes: number, what: string): void
}

/** The budget of a file of `fileBytes`: as much again, and 32 MiB. A damaged or hostile file asks for more. */
export function budgetOf(fileBytes: number): Budget {
  let left = fileBytes + allowance
  return {
    take(bytes, what) {
      left -= bytes
      if (!(left >= 0)) {
        throw new CheckpointError('A file asks for more memory than its size can justify.', {
          expected: `at most ${fileBytes + allowance} bytes in all`,
          got: `${bytes} more bytes for ${what}`,
          remedy: 'The file is damaged or hostile.',
        })
      }
    },
  }
}
