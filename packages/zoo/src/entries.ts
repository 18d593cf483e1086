import { defineMobileNetV2, isWeighted, MobileNetV2Error, totalMultiplyAdds, totalParameters } from '@mobilenetv2/spec'
import type { ZooEntry, ZooId } from './entry.js'
import { coralEntries } from './publishers/coral.js'
import { dLi14Entries } from './publishers/d-li14.js'
import { huggingFaceEntries } from './publishers/hugging-face.js'
import { kerasEntries } from './publishers/keras.js'
import { nsfwjsEntries } from './publishers/nsfwjs.js'
import { onnxZooEntries } from './publishers/onnx-zoo.js'
import { timmEntries } from './publishers/timm.js'
import { torchvisionEntries } from './publishers/torchvision.js'

/** Every model of the zoo; where none is named, an earlier one is taken before a later one. */
export const zooEntries: readonly ZooEntry[] = [
  ...coralEntries,
  ...torchvisionEntries,
  ...timmEntries,
  ...huggingFaceEntries,
  ...kerasEntries,
  ...onnxZooEntries,
  ...dLi14Entries,
  ...nsfwjsEntries,
]

/** Whether a text is the id of a model in the zoo. */
export function isZooId(text: string): text is ZooId {
  return zooEntries.some(({ id }) => id === text)
}

/**
 * The entry of an id.
 * @throws MobileNetV2Error `SOURCE` where the zoo has no such model.
 */
export function zooEntry(id: ZooId): ZooEntry {
  const entry = zooEntries.find((candidate) => candidate.id === id)
  if (entry !== undefined) return entry
  throw new MobileNetV2Error('SOURCE', 'The zoo has no model of this id.', {
    where: 'model id',
    expected: `one of ${zooEntries.map((candidate) => candidate.id).join(', ')}`,
    got: JSON.stringify(id),
  })
}

/** What a model costs, computed from its options. */
export interface ZooCosts {
  /** Trained parameters. */
  readonly parameters: number
  /** Multiply-adds for one picture. */
  readonly multiplyAdds: number
  /** Bytes of its weights as the file stores them, with BatchNorm's running statistics where it is float32. */
  readonly weightBytes: number
}

/** Parameters, multiply-adds and bytes of an entry's model. */
export function zooCosts({ options, weights }: ZooEntry): ZooCosts {
  const architecture = defineMobileNetV2(options)
  const parameters = totalParameters(architecture)
  const statistics = architecture.layers.reduce(
    (sum, layer) => sum + (isWeighted(layer) && layer.batchNorm ? 2 * layer.biasLength : 0),
    0,
  )
  const weightBytes = weights === 'float32' ? 4 * (parameters + statistics) : parameters
  return { parameters, multiplyAdds: totalMultiplyAdds(architecture), weightBytes }
}

const classesOf: Readonly<Record<ZooEntry['labels'], string>> = {
  imagenet: "ImageNet's 1000 classes",
  'inat-birds': '964 birds of iNaturalist',
  nsfwjs: '5 classes',
}

/** What a model is, in a few words. */
export function zooTitle({ options, labels, publisher, weights, note }: ZooEntry): string {
  const { widthMultiplier = 1, height = 224, width = 224 } = options
  const of = note === undefined ? publisher : `${publisher}: ${note}`
  return `MobileNetV2 ${widthMultiplier.toFixed(2).replace(/0$/, '')}, ${height} x ${width}, ${classesOf[labels]}, ${weights} (${of})`
}
