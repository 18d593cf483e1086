import { CheckpointError } from '../checkpoint-error.js'

// The limits that all readers share: how much work and memory a file may cost. A limit that only one step of reading needs stands beside
// that step.

/** Bytes that may be allocated or copied for each byte of a file: an integer of 8 bits becomes a float32 and an integer of 16 bits. */
const bytesPerByte = 6

/** Bytes that may be allocated for any file, however small. */
const freeBytes = 32 * 2 ** 20

/** Most bytes, however large the file is. The widest MobileNetV2 that can be defined has 0.9 GB. */
const mostBytes = 2 ** 31

/** Values, instructions and fields that any file may have. One more is allowed for each 4 bytes. */
const freeItems = 1_000_000

/** Most values, instructions and fields. A SavedModel has under a million, most of which are skipped. */
const mostItems = 4_000_000

/** Most tensors and nodes. A MobileNetV2 has under 1000, and a checkpoint of a training several times as many. */
const mostParts = 20_000

/** How deep values may be nested. A whole module of PyTorch has three levels for each module inside another. */
export const deepest = 100

/** Most characters of a name or a path. Usual ones have under 200. */
export const longestName = 1000

/** Most bytes of a file that describes a model. ImageNet's 21,841 labels have 0.6 MB. */
export const longestDescription: number = 4 * 2 ** 20

/** Most bytes of a file together with the files beside it; see `readSource`. */
export const longestFiles: number = 2 ** 30

/** Bytes that a JavaScript engine needs for a value of JSON, a line of a text or a field of a table, rounded up. */
export const bytesPerValue = 64

/**
 * The budget of a file and the files beside it: how much memory and work its readers may still spend. Each method throws a CheckpointError
 * if the file asks for more.
 */
export interface Budget {
  /** Spends bytes, before they are allocated or copied. */
  take(bytes: number, what: string): void
  /** Spends values, instructions or fields that are read. */
  items(count: number, what: string): void
  /** Spends tensors and nodes. */
  parts(count: number, what: string): void
  /** Throws if values are nested more than `deepest` levels deep. */
  depth(levels: number, what: string): void
  /** Returns the name, unless it is longer than `longestName`. */
  name(name: string): string
  /** Adds the bytes of a file beside the checkpoint. */
  add(fileBytes: number): void
  /** Bytes of the file and of the files beside it. */
  readonly size: number
}

function refuse(most: number, things: string, got: string): never {
  throw new CheckpointError('The file asks for more than its size can justify.', { expected: `at most ${most} ${things}`, got })
}

/** Makes the budget of a file of `fileBytes`. */
export function openBudget(fileBytes: number): Budget {
  let size = fileBytes
  const used = { bytes: 0, values: 0, 'tensors and nodes': 0 }
  const count = (things: keyof typeof used, more: number, most: number, what: string): void => {
    used[things] += more
    // This also refuses NaN.
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
