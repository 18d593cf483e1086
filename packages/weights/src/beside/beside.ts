import { CheckpointError } from '../checkpoint-error.js'

/**
 * The bytes of a file beside the checkpoint, by its path from the folder; null if there is no such file. `longest` is given for files
 * that only describe the model: one of more bytes need not be read, and counts as not there.
 */
export type ReadSibling = (name: string, longest?: number) => Promise<Uint8Array | null>

/** What lies in the folder of a checkpoint. */
export interface Beside {
  /** The checkpoint's own path from the folder; null if it has no name. */
  readonly self: string | null
  readonly read: ReadSibling
  /** The paths of the files from the folder, if it can be listed; else null. */
  readonly names: readonly string[] | null
}

/** The names of a checkpoint's other files are short; some systems refuse more. */
const longestName = 1000

/** Whether a path stays in its folder: no address, no way up, no drive. */
export function staysInside(path: string): boolean {
  return (
    path.length <= longestName && !/^[/\\]|[:\\\0]/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part))
  )
}

/** The same, but a name that leaves the folder is refused: it stands in a file that a stranger may have written. */
export function guardSiblings(read: ReadSibling): ReadSibling {
  return async (name, longest) => {
    if (staysInside(name)) return read(name, longest)
    throw new CheckpointError('The model names a file that is not beside it.', {
      expected: 'a path inside of its folder',
      got: name.slice(0, 100),
    })
  }
}
