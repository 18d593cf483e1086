import { ahead } from '../ahead.js'
import { type Beside, guardSiblings, type ReadSibling } from '../beside/beside.js'
import type { CheckpointContent } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { Budget } from './budget.js'

/** The name of the file in its folder, and how the files beside it are read. */
interface InFolder {
  readonly file: string
  readonly readSibling: ReadSibling | undefined
}

interface Format {
  readonly name: string
  /** Whether the first or the last bytes of the file are those of this format. */
  matches(bytes: Uint8Array): boolean
  /**
   * Imports the code that matches its layers, by their graph or by the names of tensors. Missing if the file decides which of the
   * two is needed.
   */
  readonly importMatcher?: () => Promise<unknown>
  /** Imports the reader of the format with its libraries, and reads the file. */
  read(bytes: Uint8Array, budget: Budget, inFolder: InFolder): Promise<CheckpointContent>
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

/** The length of the protobuf field at `offset`, and where its content starts. Null if the length has more than 4 bytes. */
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

/** Whether the file is a `GraphDef`: it begins with a node, which has a name and an operator of letters. */
function isGraphDef(bytes: Uint8Array): boolean {
  const node = bytes[0] === 0x0a ? lengthAt(bytes, 1) : null
  const name = node !== null && bytes[node.start] === 0x0a ? lengthAt(bytes, node.start + 1) : null
  if (node === null || name === null || name.length + 4 > node.length) return false
  const operator = name.start + name.length
  return bytes[operator] === 0x12 && /[A-Z_a-z]/.test(String.fromCharCode(bytes[operator + 2] ?? 0))
}

/** The last bytes of a sorted table of LevelDB. */
const sortedTableEnd = 'W\xfb\x80\x8b$uG\xdb'

/** Formats that are not read. The errors say what the file is, and what to give in its place. */
const refused: readonly Format[] = [
  {
    name: 'a tar archive',
    matches: (bytes) => hasText(bytes, 257, 'ustar'),
    read: async (bytes) => (await import('./pytorch/refusals.js')).refuseTar(bytes),
  },
  {
    name: 'a program of PyTorch Mobile or ExecuTorch',
    matches: (bytes) => hasText(bytes, 4, 'PTMF') || hasText(bytes, 4, 'ET12'),
    read: async () => (await import('./pytorch/refusals.js')).refuseMobileProgram(),
  },
]

const byGraph = () => import('../match/match-graph.js')
const byNames = () => import('../match/match-names.js')

const formats: readonly Format[] = [
  {
    name: 'TensorFlow Lite',
    matches: (bytes) => hasText(bytes, 4, 'TFL3'),
    importMatcher: byGraph,
    read: async (bytes, budget) => (await import('./tflite/read.js')).readTflite(bytes, budget),
  },
  {
    name: 'a zip of PyTorch, Keras or NumPy',
    matches: isZip,
    read: async (bytes, budget) => (await import('./zip/archive.js')).readZipArchive(bytes, budget),
  },
  {
    name: 'a pickle of PyTorch or NumPy',
    // Protocols 2 to 5.
    matches: ([protocol, version]) => protocol === 0x80 && version! >= 2 && version! <= 5,
    importMatcher: byNames,
    read: async (bytes, budget) => (await import('./pickle/file.js')).readPickleFile(bytes, budget),
  },
  {
    name: 'NumPy (.npy of a dictionary)',
    matches: (bytes) => hasText(bytes, 0, '\x93NUMPY'),
    importMatcher: byNames,
    read: async (bytes, budget) => (await import('./pickle/file.js')).readNpyFile(bytes, budget),
  },
  {
    name: 'safetensors',
    // The length of the header in 64 bits, of which the highest 16 are always 0, and then the header.
    matches: (bytes) => hasText(bytes, 6, '\0\0{'),
    importMatcher: byNames,
    read: async (bytes, budget) => (await import('./safetensors.js')).readSafetensors(bytes, budget),
  },
  {
    name: 'TensorFlow SavedModel',
    matches: isSavedModel,
    importMatcher: byGraph,
    read: async (bytes, budget, { readSibling }) =>
      (await import('./tensorflow/saved-model.js')).readSavedModel(bytes, budget, readSibling),
  },
  {
    name: 'TensorFlow frozen graph',
    matches: isGraphDef,
    importMatcher: byGraph,
    read: async (bytes, budget) => (await import('./tensorflow/frozen-graph.js')).readFrozenGraph(bytes, budget),
  },
  {
    name: 'TensorFlow checkpoint (.index)',
    matches: (bytes) => hasText(bytes, bytes.length - sortedTableEnd.length, sortedTableEnd),
    importMatcher: byNames,
    read: async (bytes, budget, inFolder) =>
      (await import('./tensorflow/checkpoint-files.js')).readCheckpointIndex(bytes, budget, inFolder),
  },
  {
    name: 'TensorFlow checkpoint (list of checkpoints)',
    matches: (bytes) => hasText(bytes, 0, 'model_checkpoint_path:'),
    importMatcher: byNames,
    read: async (bytes, budget, { readSibling }) =>
      (await import('./tensorflow/checkpoint-files.js')).readLatestCheckpoint(bytes, budget, readSibling),
  },
  {
    name: 'ONNX',
    // The version of the format, which is a small number, and the tag of one of the next fields.
    matches: ([tag, version, next]) => tag === 0x08 && version! > 0 && version! < 0x80 && onnxTags.has(next!),
    importMatcher: byGraph,
    read: async (bytes, budget, { readSibling }) => (await import('./onnx/read.js')).readOnnx(bytes, budget, readSibling),
  },
  {
    name: 'HDF5 (Keras)',
    matches: (bytes) => hasText(bytes, 0, '\x89HDF\r\n\x1a\n'),
    read: async (bytes, budget) => (await import('./keras/hdf5.js')).readKerasHdf5(bytes, budget),
  },
  {
    name: 'TensorFlow.js (model.json)',
    matches: (bytes) => bytes.find((byte) => !whitespace.has(byte)) === '{'.charCodeAt(0),
    read: async (bytes, budget, { readSibling }) => (await import('./tfjs/read.js')).readTfjs(bytes, budget, readSibling),
  },
]

/** The name of a data file of a TensorFlow checkpoint. It is the only format that the bytes do not show. */
const checkpointData = /\.data-\d{5}-of-\d{5}([?#].*)?$/

/** The name of a part of a checkpoint of PyTorch or safetensors. */
const shard = /-\d{5}-of-(?!00001)\d{5}\.(safetensors|bin|pth?)([?#].*)?$/

/** A file that is about to be read: its bytes, its budget, what errors call it, and the files beside it. */
export interface OpenedFile {
  readonly bytes: Uint8Array
  readonly budget: Budget
  readonly file: string
  readonly beside: Beside | undefined
}

/** Reads a file that is not a zip of several files. */
async function readBytes({ bytes, budget, file, beside }: OpenedFile): Promise<CheckpointContent> {
  // The files of a checkpoint in several files name each other by their names in the folder.
  const inFolder = { file: beside?.self ?? file, readSibling: beside && guardSiblings(beside, budget) }
  if (checkpointData.test(file)) {
    return (await import('./tensorflow/checkpoint-files.js')).readCheckpointData(bytes, budget, inFolder)
  }
  if (shard.test(file)) (await import('../not-a-checkpoint.js')).refuseShard(file)
  const format = [...formats, ...refused].find(({ matches }) => matches(bytes))
  try {
    if (format?.importMatcher !== undefined) ahead(format.importMatcher())
    if (format !== undefined) return await format.read(bytes, budget, inFolder)
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error
    throw (await import('../not-a-checkpoint.js')).mistaken(bytes, file) ?? error
  }
  const known = (await import('../not-a-checkpoint.js')).knownOtherwise(bytes, file)
  if (known !== null) throw known
  throw new CheckpointError('The format of this file is not known.', {
    expected: formats.map(({ name }) => name).join(', '),
    got: `${bytes.length} bytes that start with ${[...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ') || 'nothing'}`,
  })
}

/** The checkpoint in a zip of several files, such as a download from Teachable Machine; null if the file is not such a zip. */
async function unzipped({ bytes, budget, file }: OpenedFile): Promise<OpenedFile | null> {
  const zipped = isZip(bytes) ? (await import('../beside/zip-folder.js')).openZipFolder(bytes, file, budget) : null
  if (zipped === null) return null
  const { name, beside } = zipped
  return { bytes: zipped.bytes, budget, file: `${file}: ${name}`, beside }
}

/**
 * Reads a file of any format, or the checkpoint in it if it is a zip of several files.
 * @throws CheckpointError if the format is not known, or the file is damaged
 */
export async function readAnyFormat(given: OpenedFile): Promise<CheckpointContent & Omit<OpenedFile, 'bytes' | 'budget'>> {
  const opened = (await unzipped(given)) ?? given
  const { file, beside } = opened
  const content = await readBytes(opened)
  if (Object.keys(content.metadata).length > 0) ahead(import('../facts/file-labels.js'))
  return { ...content, file, beside }
}
