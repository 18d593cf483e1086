import { brandOf, checkOptionNames } from '@mobilenetv2/spec'
import type { Beside, ReadSibling } from './beside/beside.js'
import type { Checkpoint } from './checkpoint.js'
import { CheckpointError, inFile } from './checkpoint-error.js'
import { type Budget, openBudget } from './formats/budget.js'
import type { OpenedFile } from './formats/formats.js'
import { type ByteSource, isByteSource, longestModel, type ReadSourceOptions, readSource } from './read-source.js'

export type { ReadSibling } from './beside/beside.js'

/** The name of a file, and how the files beside it are read. */
export interface KnownFile {
  /** The name of the file in errors; unless given, the address of a response, else `(bytes)`. */
  readonly file?: string | undefined
  /**
   * Reads a file beside this one. It is called for the other files of a model in several files, and for files that describe the model, such
   * as `config.json` and `labels.txt`.
   */
  readonly readSibling?: ReadSibling | undefined
  /**
   * The paths of all files beside this one, if they are known. No others are then asked for, and files that describe the model are found
   * even if their names are not the usual ones.
   */
  readonly siblingNames?: readonly string[] | undefined
}

/** The options of `readCheckpoint`. */
export interface ReadCheckpointOptions extends ReadSourceOptions, KnownFile {}

/** Every name in `ReadCheckpointOptions`. */
export const readOptionNames: readonly (keyof ReadCheckpointOptions)[] = [
  'file',
  'readSibling',
  'siblingNames',
  'onProgress',
  'signal',
]

/** The name of a file without the rest of its path or address. */
function plainName(file: string): string {
  const last = (path: string): string => path.replace(/^.*[/\\]/, '')
  const name = last(file.replace(/[?#].*$/, ''))
  if (!/^[a-z]+:\/\//i.test(file)) return name
  try {
    return last(decodeURIComponent(name))
  } catch {
    return name
  }
}

/** The files beside a file. The bytes of those that are read are added to the file's budget. */
function besideOf(file: string, { readSibling, siblingNames }: KnownFile, budget: Budget): Beside | undefined {
  if (readSibling === undefined) return undefined
  const self = plainName(file)
  return {
    self: self === '' || file === unnamed ? null : self,
    async read(...request) {
      const bytes = await readSibling(...request)
      budget.add(bytes?.length ?? 0)
      return bytes
    },
    names: siblingNames ?? null,
  }
}

/** The name in errors of bytes without a name. */
const unnamed = '(bytes)'

/**
 * Whether a file is certainly safetensors, as this project writes it. Then a page need not load the code that recognises formats. If not,
 * the file can still be safetensors: one of several files (`-00001-of-00002`) is recognised by its name.
 */
function isPlainlySafetensors({ bytes, file }: OpenedFile): boolean {
  return bytes[6] === 0 && bytes[7] === 0 && bytes[8] === 0x7b && !file.includes('-of-')
}

/** Reads a file, or the checkpoint in it if it is a zip of several files. */
async function readContent(opened: OpenedFile): Promise<Checkpoint> {
  if (!isPlainlySafetensors(opened)) return (await import('./of-others.js')).readAnyFormat(opened)
  const { bytes, budget, file, beside } = opened
  return { ...(await (await import('./of-own.js')).readSafetensors(bytes, budget)), file, beside }
}

/**
 * Does what `readCheckpoint` does for bytes that are in memory, without a copy. The bytes must not change afterwards, because tensors are
 * views of them.
 * @throws CheckpointError `CHECKPOINT` as `readCheckpoint`
 * @throws the errors of `readSibling`
 * @internal
 */
export async function parseCheckpoint(bytes: Uint8Array, known: KnownFile): Promise<Checkpoint> {
  const { file = unnamed } = known
  try {
    const budget = openBudget(bytes.length)
    const content = await readContent({ bytes, budget, file, beside: besideOf(file, known, budget) })
    return { ...content, size: budget.size }
  } catch (error) {
    throw error instanceof CheckpointError ? inFile(error, file) : error
  }
}

/** The address of a response; undefined for other sources. */
function addressOf(source: ByteSource): string | undefined {
  return brandOf(source) === 'Response' ? (source as Response).url || undefined : undefined
}

/**
 * Reads the file of a model without interpreting it. The format is recognised by the bytes, and its reader is imported then. Only the data
 * file of a TensorFlow checkpoint is recognised by its name. In a zip of several files, such as a download from Teachable Machine, the
 * checkpoint is found by its name. Bytes are copied at the call, so they may change afterwards.
 * @throws CheckpointError `CHECKPOINT` if the format is not known, or the file is damaged or asks for more memory than its size justifies
 * @throws MobileNetV2Error `SOURCE` if the file is longer than 1 GiB, or than 256 MiB if its length is not known, or if a response or
 * stream fails; `OPTION` if an option is unknown
 * @throws the signal's reason if the signal is aborted, and the errors of `readSibling`
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { readCheckpoint } from '@mobilenetv2/weights'
 *
 * const { format, tensors } = await readCheckpoint(await readFile('mobilenet_v2.pth'), { file: 'mobilenet_v2.pth' })
 * for (const { name, shape, dtype } of tensors.values()) console.log(name, shape, dtype)
 * ```
 */
export async function readCheckpoint(source: ByteSource, options: ReadCheckpointOptions = {}): Promise<Checkpoint> {
  checkOptionNames(options, readOptionNames)
  const { file = addressOf(source), readSibling, siblingNames } = options
  if (!isByteSource(source)) throw (await import('./source-failure.js')).notASource(source)
  const bytes = await readSource(source, options, { longest: longestModel, where: file })
  return parseCheckpoint(bytes, { file, readSibling, siblingNames })
}
