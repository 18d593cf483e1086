import { chosenBackend, chosenModel, opened, status } from '../state/model.js'
import { backendNames } from './backend-names.js'

/** The name of a set of classes that people know by name; else the number of classes. */
function classesOf(labels: readonly string[]): string {
  if (labels.length >= 1000 && labels.includes('toilet tissue, toilet paper, bathroom tissue')) return 'ImageNet'
  return `${labels.length} classes`
}

/** The loaded model in a few words: "MobileNetV2 1.0 · ImageNet". */
export function modelName(): string {
  if (opened.value === null) return chosenModel.value?.title ?? 'No model'
  const { options, classes } = opened.value.network
  const { family = 'MobileNetV2', widthMultiplier = 1 } = options
  return `${family} ${widthMultiplier.toFixed(2).replace(/0$/, '')} · ${classesOf(classes.labels)}`
}

/** The model, or what is waited for, as the chip shows it. */
export function chipText(): string {
  const now = status.value
  switch (now.kind) {
    case 'starting':
      return 'Starting…'
    case 'downloading': {
      const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
      if (now.loaded === 0) return 'Loading the model…'
      return `Loading ${megabytes(now.loaded)}${now.total === null ? '' : ` of ${megabytes(now.total)}`} MB…`
    }
    case 'compiling':
      return 'Compiling…'
    case 'ready':
      return modelName()
    case 'empty':
      return 'No model: choose one'
    default:
      return now satisfies never
  }
}

/** The backend without its threads, once the model runs on it. */
export const chipBackend = (): string =>
  status.value.kind === 'ready' ? ` · ${backendNames[chosenBackend.value].replace(/, threads$/, '')}` : ''
