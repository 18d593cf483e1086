import { CheckpointError } from '../checkpoint-error.js'
import { type Budget, longestFiles, longestName } from '../formats/budget.js'

/**
 * The bytes of a file beside the checkpoint, by its path from the folder; null if there is no such file. A file of more than `longest`
 * bytes is not read: null or an error says so. `isOptional` says that the file only describes the model, so that it is not worth waiting
 * for.
 */
export type ReadSibling = (name: string, longest?: number, isOptional?: boolean) => Promise<Uint8Array | null>

/** What lies in the folder of a checkpoint. */
export interface Beside {
  /** The checkpoint's own path from the folder; null if it has no name. */
  readonly self: string | null
  readonly read: ReadSibling
  /** The paths of the files from the folder, if it can be listed; else null. */
  readonly names: readonly string[] | null
}

/** Whether a path stays in its folder: it is no address, and has no `..`, no drive and no backslash. */
export function staysInside(path: string): boolean {
  return (
    path.length <= longestName && !/^[/\\]|[:\\\0]/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part))
  )
}

/** The path of a file beside the checkpoint, as its name in the checkpoint says. A name may start with `./`. */
export function pathBeside(name: string): string {
  return name.replace(/^(\.\/)+/, '')
}

/**
 * A `ReadSibling` that refuses to leave the folder, and to read the checkpoint itself or more than a checkpoint may have, because a
 * stranger may have written the file in which the name stands.
 */
export function guardSiblings({ self, read }: Beside, budget: Budget): ReadSibling {
  return async (name, longest = longestFiles, isOptional = false) => {
    const path = pathBeside(name)
    if (staysInside(path) && path !== self) return read(path, Math.min(longest, longestFiles - budget.size), isOptional)
    throw new CheckpointError('The model names a file that is not beside it.', {
      expected: 'a path inside of its folder, of another file',
      got: name,
    })
  }
}
