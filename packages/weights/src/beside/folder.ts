import { CheckpointError } from '../checkpoint-error.js'
import { type Beside, type ReadSibling, staysInside } from './beside.js'
import { baseName, isCheckpointName } from './checkpoint-names.js'

/** The files of a folder. */
export interface Folder {
  /** The name of the folder in errors. */
  readonly name: string
  /** The paths of the files, relative to the folder. */
  readonly names: readonly string[]
  /** Reads one of the files; null if it has more than `longest` bytes. */
  readonly read: ReadSibling
}

/** The checkpoint of a folder. */
export interface FolderCheckpoint {
  /** Its path, relative to the folder. */
  readonly name: string
  /** The files beside it. */
  readonly beside: Beside
}

/** The names that frameworks give to a checkpoint. A file of such a name is the checkpoint, whatever else is in the folder. */
const usualNames = ['model.safetensors', 'pytorch_model.bin', 'model.json', 'saved_model.pb'] as const

/** The names of PyTorch's `.bin` files. Weights and shards of other formats end in `.bin` too, and have other names. */
const pytorchBin = /^(?!weight|training_args|optimizer|group\d+-shard).*\.bin$/i

/** The name of the index of a TensorFlow checkpoint. */
const indexName = /\.index$/i

/** Files of other tools, which are not read. */
const foreign: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /\.(mlmodel|mlpackage|mlmodelc)(\/|$)|com\.apple\.CoreML/i, what: 'a Core ML model' },
  { pattern: /\.param$/i, what: 'an NCNN model' },
  { pattern: /\.xml$/i, what: 'an OpenVINO model' },
  { pattern: /\.caffemodel$/i, what: 'a Caffe model' },
]

const listed = 8

function depthOf(path: string): number {
  return path.split('/').length
}

/** Most folders in the path of a file. A model has few; a zip can claim hundreds. */
const deepest = 16

/** The paths without hidden files, and without those that macOS adds to every zip. */
function visible(names: readonly string[]): string[] {
  const isShown = (part: string): boolean => part !== '__MACOSX' && !part.startsWith('.')
  return names.filter((name) => depthOf(name) <= deepest && staysInside(name) && name.split('/').every(isShown))
}

/** The paths with the fewest folders. */
function shallowest(names: readonly string[]): string[] {
  const least = names.reduce((depth, name) => Math.min(depth, depthOf(name)), Infinity)
  return names.filter((name) => depthOf(name) === least)
}

/** What the files of another tool are; null if there are none. */
function foreignAmong(names: readonly string[]): string | null {
  return foreign.find(({ pattern }) => names.some((name) => pattern.test(name)))?.what ?? null
}

/**
 * The one checkpoint among several files. The first that exists is taken, in this order: a file with one of `usualNames`; the list of
 * several TensorFlow checkpoints; a TensorFlow checkpoint; a file with the extension of a checkpoint; a `.bin`; a zip. Null if there is
 * none of them.
 * @throws CheckpointError if there are several of the same kind
 */
function checkpointAmong(folder: string, names: readonly string[]): string | null {
  const choose = (candidates: readonly string[]): string | null => {
    const [first, another] = shallowest(candidates)
    if (first === undefined || another === undefined) return first ?? null
    throw new CheckpointError('There are several checkpoints.', {
      file: folder,
      expected: `one, or one with the name ${usualNames.join(', ')}`,
      got: `${candidates.slice(0, listed).join(', ')}${candidates.length > listed ? ', …' : ''}`.slice(0, 500),
      remedy: 'Give the path of the one that you mean.',
    })
  }
  const usual = usualNames.map((usualName) => names.filter((name) => baseName(name) === usualName)).find(({ length }) => length > 0)
  if (usual !== undefined) return choose(usual)
  // The file `checkpoint` lists TensorFlow's checkpoints in a folder, and says which one is the latest.
  const lists = names.filter((name) => baseName(name) === 'checkpoint')
  const indexes = names.filter((name) => indexName.test(name))
  if (indexes.length > 1 && lists.length > 0) return choose(lists)
  if (indexes.length > 0) return choose(indexes)
  const known = names.filter(isCheckpointName)
  if (known.length > 0) return choose(known)
  // A .bin beside a file of another tool contains that tool's weights.
  if (foreignAmong(names) !== null) return null
  const bins = names.filter((name) => pytorchBin.test(baseName(name)))
  return choose(bins.length > 0 ? bins : names.filter((name) => /\.zip$/i.test(name)))
}

/** The checkpoint at a path of the folder. Files beside it are looked for in its own folder first, then in each parent folder. */
function openFolderAt({ names, read }: Folder, name: string): FolderCheckpoint {
  const all = new Set(names)
  const parts = name.split('/').slice(0, -1)
  const around = Array.from({ length: parts.length + 1 }, (_, up) => [...parts.slice(0, parts.length - up), ''].join('/'))
  const find = (sibling: string): string | undefined => around.map((folder) => folder + sibling).find((path) => all.has(path))
  const seen = around.flatMap((folder) => names.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length)))
  return {
    name,
    beside: {
      self: baseName(name),
      names: [...new Set(seen)],
      async read(sibling, ...request) {
        const path = find(sibling)
        // The checkpoint is not beside itself.
        return path === undefined || path === name ? null : read(path, ...request)
      },
    },
  }
}

/**
 * Finds the checkpoint in a folder; null if there is none.
 * @throws CheckpointError `CHECKPOINT` if there are several, or only the model of another tool, which is not read
 * @internal
 */
export function findCheckpoint(folder: Folder): FolderCheckpoint | null {
  const names = visible(folder.names)
  const name = checkpointAmong(folder.name, names)
  if (name !== null) return openFolderAt({ ...folder, names }, name)
  const other = foreignAmong(names)
  if (other === null) return null
  throw new CheckpointError(`This is ${other}, which is not read.`, {
    file: folder.name,
    remedy: 'Give the model that it was converted from, or an ONNX export of it.',
  })
}

/**
 * The checkpoint in a folder.
 * @throws CheckpointError `CHECKPOINT` if there is none, or if there are several
 * @internal
 */
export function openFolder(folder: Folder): FolderCheckpoint {
  const found = findCheckpoint(folder)
  if (found !== null) return found
  throw new CheckpointError('There is no checkpoint among these files.', {
    file: folder.name,
    expected: `one of ${usualNames.join(', ')}, or one file such as a .pth, .onnx, .tflite, .h5 or .keras`,
    got: visible(folder.names).slice(0, listed).join(', ').slice(0, 500) || 'no files',
  })
}
