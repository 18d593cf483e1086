import { brandOf, checkOptionNames } from '@mobilenetv2/spec'
import type { Beside, ReadSibling } from './beside/beside.js'
import type { Checkpoint } from './checkpoint.js'
import { CheckpointError, inFile } from './checkpoint-error.js'
import { type Budget, openBudget } from './formats/budget.js'
import type { OpenedFile } from './formats/formats.js'
import { type ByteSource, isByteSource, longestModel, type ReadSourceOptions, readSource } from './read-source.js'

export type { ReadSibling } from './beside/beside.js'

/** What is known of a file beside its bytes. */
export interface KnownFile {
  /** The name that errors give the file; a response's address, or `(bytes)`, unless given. */
  readonly file?: string | undefined
  /**
   * Returns the bytes of a file beside this one, by its path from the folder; null if there is no such file. Used for the parts of a
   * model in several files, and for files that describe the model (`config.json`, `labels.txt`).
   */
  readonly readSibling?: ReadSibling | undefined
  /**
   * The paths of the files beside this one, if they are known. Then only they are asked for, and more names than the usual ones are
   * understood.
   */
  readonly siblingNames?: readonly string[] | undefined
}

/** What `readCheckpoint` takes beside the source. */
export interface ReadCheckpointOptions extends ReadSourceOptions, KnownFile {}

export const readOptionNames: readonly (keyof ReadCheckpointOptions)[] = [
  'file',
  'readSibling',
  'siblingNames',
  'onProgress',
  'signal',
]

/** The last part of a path or an address, as a file is called. */
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

/** What lies beside the file. What is read of it goes on the file's account. */
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

/** What errors call bytes that have no name. */
const unnamed = '(bytes)'

/**
 * Whether a file is plainly safetensors, as this project writes them, so that a page need not load what tells formats apart. If this says
 * no, the file can still be safetensors: one of several files (`-00001-of-00002`) is told by its name, as its bytes can be any.
 */
function isPlainlySafetensors({ bytes, file }: OpenedFile): boolean {
  return bytes[6] === 0 && bytes[7] === 0 && bytes[8] === 0x7b && !file.includes('-of-')
}

/** Reads the file; if it is a zip of several files, the checkpoint in it. */
async function readContent(opened: OpenedFile): Promise<Checkpoint> {
  if (!isPlainlySafetensors(opened)) return (await import('./of-others.js')).readAnyFormat(opened)
  const { bytes, budget, file, beside } = opened
  return { ...(await (await import('./of-own.js')).readSafetensors(bytes, budget)), file, beside }
}

/**
 * `readCheckpoint` for bytes that are at hand. They must not change any more, as tensors are views on them.
 * @throws CheckpointError as `readCheckpoint`
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

/** What errors call a source unless the caller names it: the address of a response. */
function addressOf(source: ByteSource): string | undefined {
  return brandOf(source) === 'Response' ? (source as Response).url || undefined : undefined
}

/**
 * Reads a file of parameters. Its bytes tell the format, whose reader is imported only then. Only the data file of a TensorFlow
 * checkpoint is told by its name. In a zip of several files, such as a download from Teachable Machine, the checkpoint is found by its
 * name. Bytes are copied at the call: what happens to them later has no effect.
 * @throws CheckpointError if the format is not known, or the file is damaged or hostile; MobileNetV2Error `SOURCE` if the file is longer
 * than 1 GiB, or than 256 MiB if its length is not known, or if a response or stream does not bring it; the signal's reason
 */
export async function readCheckpoint(source: ByteSource, options: ReadCheckpointOptions = {}): Promise<Checkpoint> {
  checkOptionNames(options, readOptionNames)
  const { file = addressOf(source), readSibling, siblingNames } = options
  if (!isByteSource(source)) throw (await import('./source-failure.js')).notASource(source)
  const bytes = await readSource(source, options, { longest: longestModel, where: file })
  return parseCheckpoint(bytes, { file, readSibling, siblingNames })
}
