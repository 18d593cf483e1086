import { checkOptionNames } from '@mobilenetv2/spec'
import { type Beside, guardSiblings, type ReadSibling } from './beside/beside.js'
import type { Checkpoint, CheckpointContent } from './checkpoint.js'
import { CheckpointError, inFile } from './checkpoint-error.js'
import { type CheckpointSource, type ReadSourceOptions, readSource } from './read-source.js'

export type { ReadSibling } from './beside/beside.js'

/** What `readCheckpoint` takes beside the bytes. */
export interface ReadCheckpointOptions extends ReadSourceOptions {
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

export const readOptionNames: readonly (keyof ReadCheckpointOptions)[] = [
  'file',
  'readSibling',
  'siblingNames',
  'onProgress',
  'signal',
]

interface Format {
  readonly name: string
  /** Whether the file starts, or ends, as this format does. */
  matches(bytes: Uint8Array): boolean
  /** Imports the format's reader, and what libraries that needs, then reads. */
  read(bytes: Uint8Array, options: ReadCheckpointOptions): Promise<CheckpointContent>
}

/** Whether the bytes at `offset` are this text in ASCII. */
function hasText(bytes: Uint8Array, offset: number, text: string): boolean {
  return [...text].every((character, index) => bytes[offset + index] === character.charCodeAt(0))
}

function isZip(bytes: Uint8Array): boolean {
  return hasText(bytes, 0, 'PK\x03\x04')
}

const whitespace = new Set([0x09, 0x0a, 0x0d, 0x20])

/** Fields 2 to 8 and 14 of ONNX's `ModelProto`. */
const onnxTags = new Set([0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72])

/** The length of a protobuf field, which stands at `offset`, and where the field's content starts. Null if it takes over 4 bytes. */
function lengthAt(bytes: Uint8Array, offset: number): { readonly length: number; readonly start: number } | null {
  let length = 0
  for (let read = 0; read < 4; read++) {
    const byte = bytes[offset + read]!
    length += (byte & 0x7f) * 128 ** read
    if (byte < 0x80) return { length, start: offset + read + 1 }
  }
  return null
}

/** Whether the file is a `SavedModel` of version 1: the version, then a `MetaGraphDef`, which starts with its first field. */
function isSavedModel(bytes: Uint8Array): boolean {
  const metaGraph = hasText(bytes, 0, '\x08\x01\x12') ? lengthAt(bytes, 3) : null
  return metaGraph !== null && bytes[metaGraph.start] === 0x0a
}

/** Whether the file is a `GraphDef`: it starts with a node, which is a name and an operator in letters. */
function isGraphDef(bytes: Uint8Array): boolean {
  const node = bytes[0] === 0x0a ? lengthAt(bytes, 1) : null
  const name = node !== null && bytes[node.start] === 0x0a ? lengthAt(bytes, node.start + 1) : null
  if (node === null || name === null || name.length + 4 > node.length) return false
  const operator = name.start + name.length
  return bytes[operator] === 0x12 && /[A-Z_a-z]/.test(String.fromCharCode(bytes[operator + 2] ?? 0))
}

/** The end of a sorted table of LevelDB. */
const sortedTableEnd = 'W\xfb\x80\x8b$uG\xdb'

/** Formats that are not read. Their errors say what the file is, and what to give in its place. */
const refused: readonly Format[] = [
  {
    name: 'a tar archive',
    matches: (bytes) => hasText(bytes, 257, 'ustar'),
    read: async (bytes) => (await import('./formats/pytorch-refusals.js')).refuseTar(bytes),
  },
  {
    name: 'a program of PyTorch Mobile or ExecuTorch',
    matches: (bytes) => hasText(bytes, 4, 'PTMF') || hasText(bytes, 4, 'ET12'),
    read: async () => (await import('./formats/pytorch-refusals.js')).refuseMobileProgram(),
  },
]

const formats: readonly Format[] = [
  {
    name: 'TensorFlow Lite',
    matches: (bytes) => hasText(bytes, 4, 'TFL3'),
    read: async (bytes) => (await import('./formats/tflite.js')).readTflite(bytes),
  },
  {
    name: 'a zip of PyTorch, Keras or NumPy',
    matches: isZip,
    read: async (bytes) => (await import('./formats/zip-archive.js')).readZipArchive(bytes),
  },
  {
    name: 'a pickle of PyTorch or NumPy',
    // Protocols 2 to 5.
    matches: ([protocol, version]) => protocol === 0x80 && version! >= 2 && version! <= 5,
    read: async (bytes) => (await import('./formats/pickle-file.js')).readPickleFile(bytes),
  },
  {
    name: 'NumPy (.npy of a dictionary)',
    matches: (bytes) => hasText(bytes, 0, '\x93NUMPY'),
    read: async (bytes) => (await import('./formats/pickle-file.js')).readNpyFile(bytes),
  },
  {
    name: 'safetensors',
    // The header's length in 64 bits, which no file needs the highest 16 of, and the header.
    matches: (bytes) => hasText(bytes, 6, '\0\0{'),
    read: async (bytes) => (await import('./formats/safetensors.js')).readSafetensors(bytes),
  },
  {
    name: 'TensorFlow SavedModel',
    matches: isSavedModel,
    read: async (bytes, { readSibling }) =>
      (await import('./formats/tensorflow/saved-model.js')).readSavedModel(bytes, readSibling),
  },
  {
    name: 'TensorFlow frozen graph',
    matches: isGraphDef,
    read: async (bytes) => (await import('./formats/tensorflow/frozen-graph.js')).readFrozenGraph(bytes),
  },
  {
    name: 'TensorFlow checkpoint (.index)',
    matches: (bytes) => hasText(bytes, bytes.length - sortedTableEnd.length, sortedTableEnd),
    read: async (bytes, options) => (await import('./formats/tensorflow/checkpoint-files.js')).readCheckpointIndex(bytes, options),
  },
  {
    name: 'TensorFlow checkpoint (list of checkpoints)',
    matches: (bytes) => hasText(bytes, 0, 'model_checkpoint_path:'),
    read: async (bytes, { readSibling }) =>
      (await import('./formats/tensorflow/checkpoint-files.js')).readLatestCheckpoint(bytes, readSibling),
  },
  {
    name: 'ONNX',
    // The format's version, a small number, and the tag of any of the fields that follow it.
    matches: ([tag, version, next]) => tag === 0x08 && version! > 0 && version! < 0x80 && onnxTags.has(next!),
    read: async (bytes, { readSibling }) => (await import('./formats/onnx.js')).readOnnx(bytes, readSibling),
  },
  {
    name: 'HDF5 (Keras)',
    matches: (bytes) => hasText(bytes, 0, '\x89HDF\r\n\x1a\n'),
    read: async (bytes) => (await import('./formats/keras-hdf5.js')).readKerasHdf5(bytes),
  },
  {
    name: 'TensorFlow.js (model.json)',
    matches: (bytes) => bytes.find((byte) => !whitespace.has(byte)) === '{'.charCodeAt(0),
    read: async (bytes, { readSibling }) => (await import('./formats/tfjs.js')).readTfjs(bytes, readSibling),
  },
]

/** The name of a data file of a TensorFlow checkpoint. Of all formats, only its bytes do not tell what they are. */
const checkpointData = /\.data-\d{5}-of-\d{5}([?#].*)?$/

/** A file's bytes, the name that errors give it, and what lies beside it. */
interface OpenedFile {
  readonly bytes: Uint8Array
  readonly file: string
  readonly beside: Beside | undefined
}

async function readBytes({ bytes, file, beside }: OpenedFile): Promise<CheckpointContent> {
  // A checkpoint in several files names the others as it is itself called in its folder.
  const inFolder = { file: beside?.self ?? file, readSibling: beside?.read }
  if (checkpointData.test(file)) {
    return (await import('./formats/tensorflow/checkpoint-files.js')).readCheckpointData(bytes, inFolder)
  }
  const format = [...formats, ...refused].find(({ matches }) => matches(bytes))
  try {
    if (format !== undefined) return await format.read(bytes, inFolder)
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error
    throw (await import('./not-a-checkpoint.js')).mistaken(bytes, file) ?? error
  }
  const known = (await import('./not-a-checkpoint.js')).knownOtherwise(bytes, file)
  if (known !== null) throw known
  throw new CheckpointError('The format of this file is not known.', {
    expected: formats.map(({ name }) => name).join(', '),
    got: `${bytes.length} bytes that start with ${[...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ') || 'nothing'}`,
  })
}

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

function besideOf(file: string, { readSibling, siblingNames }: ReadCheckpointOptions): Beside | undefined {
  if (readSibling === undefined) return undefined
  const self = plainName(file)
  return { self: self === '' || file === unnamed ? null : self, read: guardSiblings(readSibling), names: siblingNames ?? null }
}

/** What errors call bytes that have no name. */
const unnamed = '(bytes)'

/** The file itself; if it is a zip of several files, the checkpoint in it. */
async function openFile(bytes: Uint8Array, file: string, options: ReadCheckpointOptions): Promise<OpenedFile> {
  const zipped = isZip(bytes) ? (await import('./beside/zip-folder.js')).openZipFolder(bytes, file) : null
  if (zipped === null) return { bytes, file, beside: besideOf(file, options) }
  const { name, beside } = zipped
  return { bytes: zipped.bytes, file: `${file}: ${name}`, beside: { ...beside, read: guardSiblings(beside.read) } }
}

/**
 * Reads a file of parameters. Its bytes tell the format, whose reader is imported only then. Only the data file of a TensorFlow
 * checkpoint is told by its name. In a zip of several files, such as a download from Teachable Machine, the checkpoint is found by its
 * name.
 * @throws CheckpointError if the format is not known, or the file is damaged, hostile or longer than any MobileNetV2;
 * MobileNetV2Error `SOURCE` if a response is an error; the signal's reason; what a stream itself throws
 */
export async function readCheckpoint(source: CheckpointSource, options: ReadCheckpointOptions = {}): Promise<Checkpoint> {
  checkOptionNames(options, readOptionNames)
  const address = source instanceof Response ? source.url : ''
  const file = options.file ?? (address === '' ? unnamed : address)
  try {
    const opened = await openFile(await readSource(source, options), file, options)
    return { ...(await readBytes(opened)), file: opened.file, ...(opened.beside && { beside: opened.beside }) }
  } catch (error) {
    throw error instanceof CheckpointError ? inFile(error, file) : error
  }
}
