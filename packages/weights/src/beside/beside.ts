import { CheckpointError } from '../checkpoint-error.js'
import { type Budget, longestFiles, longestName } from '../formats/budget.js'

/**
 * Reads a file beside the checkpoint, by its path relative to the folder; null if there is no such file. A file of more than
 * `longest` bytes is not read: the function gives null or throws. `isOptional` says that the file only describes the model, so that
 * a slow server need not be waited for.
 */
export type ReadSibling = (name: string, longest?: number, isOptional?: boolean) => Promise<Uint8Array | null>

/** The files beside a checkpoint. */
export interface Beside {
  /** The path of the checkpoint itself; null if it has no name. */
  readonly self: string | null
  readonly read: ReadSibling
  /** The paths of all files, relative to the folder; null if the folder cannot be listed. */
  readonly names: readonly string[] | null
}

/** Whether a path stays in its folder: it is not an address, and has no `..`, no drive and no backslash. */
export function staysInside(path: string): boolean {
  return (
    path.length <= longestName && !/^[/\\]|[:\\\0]/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part))
  )
}

/** The path of a file beside the checkpoint, from the name that the checkpoint gives it, which may begin with `./`. */
export function pathBeside(name: string): string {
  return name.replace(/^(\.\/)+/, '')
}

/**
 * Makes a `ReadSibling` that does not leave the folder, and reads neither the checkpoint itself nor more than a checkpoint may have: the
 * names come from a file that is not trusted.
 */
export function guardSiblings({ self, read }: Beside, budget: Budget): ReadSibling {
  return async (name, longest = longestFiles, isOptional = false) => {
    const path = pathBeside(name)
    if (staysInside(path) && path !== self) return read(path, Math.min(longest, longestFiles - budget.size), isOptional)
    throw new CheckpointError('The model names a file that is not beside it.', {
      expected: 'a path of another file in its folder',
      got: name,
    })
  }
}
