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

/** Every model of the zoo, in groups by publisher. */
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

/**
 * Whether a text is the id of a model in the zoo.
 * @example
 * ```ts
 * import { isZooId } from '@mobilenetv2/zoo'
 *
 * isZooId('torchvision-v2') // => true
 * ```
 */
export function isZooId(text: string): text is ZooId {
  return zooEntries.some(({ id }) => id === text)
}

/**
 * The entry of a model in the zoo.
 * @throws MobileNetV2Error `SOURCE` if the zoo has no such model
 * @example
 * ```ts
 * import { zooEntry } from '@mobilenetv2/zoo'
 *
 * zooEntry('torchvision-v2').published // => { top1: 72.154, top5: 90.822 }
 * ```
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

/** The size and the work of a model, computed from its options. */
export interface ZooCosts {
  /** Number of trained parameters. */
  readonly parameters: number
  /** Multiply-adds for one picture. */
  readonly multiplyAdds: number
  /** Bytes of the weights as the file stores them. A file in float32 has BatchNorm's running statistics too. */
  readonly weightBytes: number
}

/**
 * The number of parameters and multiply-adds of a model, and the bytes of its weights.
 * @throws MobileNetV2Error `OPTION` if the options of the entry are not allowed
 * @example
 * ```ts
 * import { zooCosts, zooEntry } from '@mobilenetv2/zoo'
 *
 * zooCosts(zooEntry('hf-0.35-96')) // => { parameters: 1678409, multiplyAdds: 11935408, weightBytes: 6769956 }
 * ```
 */
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

/**
 * A title for a model: its width multiplier, input size, classes, type of weights and publisher.
 * @example
 * ```ts
 * import { zooEntry, zooTitle } from '@mobilenetv2/zoo'
 *
 * zooTitle(zooEntry('timm-050')) // => "MobileNetV2 0.5, 224 x 224, ImageNet's 1000 classes, float32 (timm)"
 * ```
 */
export function zooTitle({ options, labels, publisher, weights, note }: ZooEntry): string {
  const { widthMultiplier = 1, height = 224, width = 224 } = options
  const of = note === undefined ? publisher : `${publisher}: ${note}`
  return `MobileNetV2 ${widthMultiplier.toFixed(2).replace(/0$/, '')}, ${height} x ${width}, ${classesOf[labels]}, ${weights} (${of})`
}
