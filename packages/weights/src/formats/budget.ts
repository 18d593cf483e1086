import { CheckpointError } from '../checkpoint-error.js'

// All limits of what a file may make its readers do stand here. Other numbers in readers are facts of a format, not limits.

/** Bytes that may be allocated or copied for each byte of a file: integers of 8 bits become floats of 32, and integers of 16. */
const bytesPerByte = 6

/** Bytes that are granted to any file. */
const freeBytes = 32 * 2 ** 20

/** The most bytes, whatever the file's size: the widest MobileNetV2 that can be defined takes 0.9 GB. */
const mostBytes = 2 ** 31

/** Values, instructions and fields that any file may have, beside one for each 4 bytes. */
const freeItems = 1_000_000

/** The most of them. A SavedModel has under a million, most of which are passed over. */
const mostItems = 4_000_000

/** Tensors and nodes. A MobileNetV2 has under 1000, a training checkpoint some times as many. */
const mostParts = 20_000

/** How deep values may be nested. A whole module of PyTorch takes three for each module in a module. */
export const deepest = 100

/** Characters of a name or a path; those of users are under 200. */
export const longestName = 1000

/** The longest file that is read for what it says about a model, in bytes. ImageNet's 21,841 labels take 0.6 MB. */
export const longestDescription: number = 4 * 2 ** 20

/** The most bytes of a file and of those beside it; see readSource. */
export const longestFiles: number = 2 ** 30

/** What an engine takes for a value of JSON, a line of a text or a field of a table, in bytes, rounded up. */
export const bytesPerValue = 64

/** The account of one file, and of those beside it. Each question throws a CheckpointError if the file asks for more than it may. */
export interface Budget {
  /** Takes bytes before they are allocated or copied. */
  take(bytes: number, what: string): void
  /** Counts what is walked through: values, instructions, fields. */
  items(count: number, what: string): void
  /** Counts what a network is looked for in: tensors and nodes. */
  parts(count: number, what: string): void
  /** Refuses what lies over `deepest` levels deep. */
  depth(levels: number, what: string): void
  /** Gives a name back, if it is no longer than `longestName`. */
  name(name: string): string
  /** Adds a file that lies beside. */
  add(fileBytes: number): void
  /** Bytes of the file and of those beside it. */
  readonly size: number
}

function refuse(most: number, things: string, got: string): never {
  throw new CheckpointError('The file asks for more than its size can justify.', { expected: `at most ${most} ${things}`, got })
}

/** Opens the account of a file of `fileBytes`. */
export function openBudget(fileBytes: number): Budget {
  let size = fileBytes
  const used = { bytes: 0, values: 0, 'tensors and nodes': 0 }
  const count = (things: keyof typeof used, more: number, most: number, what: string): void => {
    used[things] += more
    // What is no number is refused as well.
    if (!(used[things] <= most)) refuse(most, things, `${more} more for ${what}`)
  }
  return {
    take: (bytes, what) => count('bytes', bytes, Math.min(mostBytes, freeBytes + bytesPerByte * size), what),
    items: (items, what) => count('values', items, Math.min(mostItems, freeItems + Math.floor(size / 4)), what),
    parts: (parts, what) => count('tensors and nodes', parts, mostParts, what),
    depth(levels, what) {
      if (levels > deepest) refuse(deepest, 'levels', what)
    },
    name: (name) => (name.length > longestName ? refuse(longestName, 'characters of a name', name) : name),
    add(bytes) {
      size += bytes
      if (size > longestFiles) refuse(longestFiles, 'bytes', 'longer files')
    },
    get size() {
      return size
    },
  }
}
