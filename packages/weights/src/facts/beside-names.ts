import type { Beside } from '../beside/beside.js'
import { isCheckpointName } from '../beside/folder.js'
import type { CheckpointFormat } from '../checkpoint.js'

/** What is not known yet. */
export interface Wanted {
  readonly labels: boolean
  /** Input size, padding, epsilon or a part of the recipe. */
  readonly recipe: boolean
}

/** Files that can state more than labels. */
const configurations = ['config.json', 'preprocessor_config.json', 'metadata.json']

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

/** Each name is a request where the folder cannot be listed. */
const mostRequests = 8

/** The files that lie beside a checkpoint of each format as its users make them, the commonest first. */
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

/** Whether a file that starts with the checkpoint's name goes by what follows it: `model.txt`, `model_labels.txt`. */
function isOfStem(name: string, stem: string): boolean {
  if (!name.startsWith(stem)) return false
  return /^([._-]?\w*(label|class|categor|names)\w*)?\.(txt|json)$/i.test(name.slice(stem.length))
}

/** Labels under a name of their user's own, which is theirs if there is one checkpoint only. */
const labelName = /(label|class(es|_?names?|_?ind|_to_)|categor|idx_to|id2label)[^/]*\.(txt|json)$/i

/**
 * The names of the files that may describe a checkpoint, the most trusted first. In a folder of several checkpoints only exact names are
 * taken, and those that start with the checkpoint's own name.
 */
export function describingNames(format: CheckpointFormat, { self, names }: Beside, { labels, recipe }: Wanted): readonly string[] {
  const stem = self === null ? null : stemOf(self)
  const isWanted = (name: string): boolean => (configurations.includes(name) ? recipe || labels : labels)
  const own = stem === null ? [] : [`${stem}_labels.txt`, `${stem}.txt`]
  if (names === null) return [...usualNames(format), ...own].filter(isWanted).slice(0, mostRequests)
  const there = names.filter((name) => name !== self)
  const only = names.filter(isCheckpointName).length <= 1
  const exact = [...configurations.toReversed(), ...labelFiles].filter((name) => there.includes(name))
  const ofStem = stem === null ? [] : there.filter((name) => isOfStem(name, stem))
  const others = only ? there.filter((name) => !name.includes('/') && labelName.test(name)) : []
  return [...new Set([...ofStem, ...exact, ...others])].filter(isWanted).slice(0, mostRequests)
}
