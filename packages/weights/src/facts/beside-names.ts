import { type Beside, staysInside } from '../beside/beside.js'
import { isCheckpointName } from '../beside/checkpoint-names.js'
import type { CheckpointFormat } from '../checkpoint.js'

/** Which facts are not known yet. */
export interface Wanted {
  readonly labels: boolean
  /** A part of the preprocessing, the input size, or a convention such as padding. */
  readonly recipe: boolean
}

/** Files that can state more than labels. An earlier one takes precedence over a later one. */
const configurations = ['metadata.json', 'preprocessor_config.json', 'config.json']

/** The usual names of files of labels. An earlier one takes precedence over a later one. */
const labelFiles = [
  'labels.txt',
  'class_names.txt',
  'class_names.json',
  'class_indices.json',
  'labels.json',
  'classes.txt',
  'class_to_idx.json',
  'classes.json',
  'idx_to_class.json',
  'id2label.json',
]

/** Most files that are requested. If the folder cannot be listed, each is a request. */
const mostRequests = 8

/** The files that are usual beside a checkpoint of each format, the most usual first. */
function usualNames(format: CheckpointFormat): readonly string[] {
  switch (format) {
    case 'pytorch':
    case 'torchscript':
    case 'pickle':
    case 'safetensors':
      return [
        'preprocessor_config.json',
        'config.json',
        'labels.txt',
        'class_to_idx.json',
        'class_names.txt',
        'class_names.json',
        'classes.txt',
        'id2label.json',
      ]
    case 'onnx':
      return [
        'preprocessor_config.json',
        'config.json',
        'labels.txt',
        'class_names.txt',
        'labels.json',
        'class_names.json',
        'classes.txt',
        'class_to_idx.json',
      ]
    case 'tfjs-graph-model':
    case 'tfjs-layers-model':
      return [
        'metadata.json',
        'labels.txt',
        'class_names.txt',
        'labels.json',
        'class_names.json',
        'class_indices.json',
        'classes.json',
      ]
    case 'npz':
    case 'tflite':
    case 'tensorflow-saved-model':
    case 'tensorflow-checkpoint':
    case 'tensorflow-graph':
    case 'hdf5':
    case 'keras':
      return [
        'labels.txt',
        'class_names.txt',
        'class_indices.json',
        'class_names.json',
        'labels.json',
        'classes.txt',
        'metadata.json',
      ]
    default:
      throw new Error(`unknown format ${format satisfies never}`)
  }
}

/** The name of a file without its extensions; null if nothing is left. */
function stemOf(name: string): string | null {
  return name.replace(/(\.(weights|pth|ckpt))?\.[a-z\d]+$/i, '') || null
}

/** Whether a name begins with the stem of the checkpoint's name: `model.txt`, `model_labels.txt`, `model-v2.labels.json`. */
function isOfStem(name: string, stem: string): boolean {
  if (!name.startsWith(stem)) return false
  return /^((([._-][^/]*)?(label|class|categor|names))\w*)?\.(txt|json)$/i.test(name.slice(stem.length))
}

/** Other names of files of labels. They are used only if no other checkpoint is there to which the labels could belong. */
const labelName = /(label|class(es|_?names?|_?ind|_to_)|categor|idx_to|id2label)[^/]*\.(txt|json)$/i

/**
 * The names of the files that may describe a checkpoint. An earlier one takes precedence over a later one. If other checkpoints are in the
 * folder, only the usual names are used, and names that begin with this checkpoint's own name. A file whose name begins with the longer
 * name of another checkpoint belongs to that one.
 */
export function describingNames(format: CheckpointFormat, { self, names }: Beside, { labels, recipe }: Wanted): readonly string[] {
  const stem = self === null ? null : stemOf(self)
  const isWanted = (name: string): boolean => staysInside(name) && (labels || (recipe && configurations.includes(name)))
  if (names === null) {
    const own = stem === null ? [] : [`${stem}_labels.txt`]
    return [...usualNames(format), ...own].filter(isWanted).slice(0, mostRequests)
  }
  const there = names.filter((name) => name !== self)
  const checkpoints = there.filter(isCheckpointName)
  const longerStems = checkpoints.map(stemOf).filter((other) => other !== null && stem !== null && other.length > stem.length)
  const ofStem = there.filter(
    (name) => stem !== null && isOfStem(name, stem) && !longerStems.some((other) => other !== null && isOfStem(name, other)),
  )
  const usual = [...configurations, ...labelFiles].filter((name) => there.includes(name))
  // If the name of the checkpoint is not known, one of the checkpoints in the folder is the checkpoint itself.
  const isOnlyOne = checkpoints.length <= (self === null ? 1 : 0)
  const others = isOnlyOne ? there.filter((name) => !name.includes('/') && labelName.test(name)) : []
  return [...new Set([...ofStem, ...usual, ...others])].filter(isWanted).slice(0, mostRequests)
}
