import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { LabelSet } from './labels/labels.js'

/** Where a model comes from: a file in the folder that the environment's `MOBILENETV2_MODELS` names, or an installed npm package. */
export type ModelLocation =
  | {
      readonly kind: 'file'
      readonly name: string
      readonly bytes: number
      /** Hexadecimal; a file with another hash is refused. */
      readonly sha256: string
    }
  | { readonly kind: 'npm'; readonly package: 'nsfwjs'; readonly version: string }

/** The name that `load` and the command line take for a model. */
export type ZooId = 'imagenet-1.0-224' | 'imagenet-1.0-224-qat' | 'nsfw-1.4-224'

/** A pretrained model. Its architecture and preprocessing are worked out from the file (`inferOptions`), not repeated here. */
export interface ZooEntry {
  readonly id: ZooId
  /** What it is, in a few words. */
  readonly title: string
  readonly location: ModelLocation
  /** SPDX identifier of the weights' licence. */
  readonly licence: string
  /** What the model's classes are called; a background class is not among them. */
  readonly labels: LabelSet
}

/**
 * Every model of the zoo; of several with the same labels the more accurate one first (dequantised, over 1000 photos of ImageNet's
 * classes: top-1 0.893 and 0.889, top-5 0.984 and 0.980).
 */
export const zooEntries: readonly ZooEntry[] = [
  {
    id: 'imagenet-1.0-224',
    title: 'MobileNetV2 1.0, 224 x 224, 1000 ImageNet classes, int8 after training',
    location: {
      kind: 'file',
      name: 'tf2_mobilenet_v2_1.0_224_ptq.tflite',
      bytes: 4_070_174,
      sha256: '5d3137241276e79c86d14a74fe43581398ae0e815191d3dba45495b810840e8c',
    },
    licence: 'Apache-2.0',
    labels: 'imagenet',
  },
  {
    id: 'imagenet-1.0-224-qat',
    title: 'MobileNetV2 1.0, 224 x 224, 1000 ImageNet classes, uint8 by quantisation-aware training',
    location: {
      kind: 'file',
      name: 'mobilenet_v2_1.0_224_quant.tflite',
      bytes: 3_610_798,
      sha256: '7aad0c74c5e3c06e5eb3c827e13304fdd68a83da6087d92ee169c24ff9fd4776',
    },
    licence: 'Apache-2.0',
    labels: 'imagenet',
  },
  {
    id: 'nsfw-1.4-224',
    title: 'MobileNetV2 1.4, 224 x 224, 5 classes (drawing, hentai, neutral, porn, sexy)',
    location: { kind: 'npm', package: 'nsfwjs', version: '4.4.0' },
    licence: 'MIT',
    labels: 'nsfwjs',
  },
]

/** Whether a text is the id of a model in the zoo. */
export function isZooId(text: string): text is ZooId {
  return zooEntries.some(({ id }) => id === text)
}

/**
 * The entry of an id.
 * @throws MobileNetV2Error `SOURCE` where the zoo has no such model.
 */
export function entryOf(id: ZooId): ZooEntry {
  const entry = zooEntries.find((candidate) => candidate.id === id)
  if (entry !== undefined) return entry
  throw new MobileNetV2Error('SOURCE', 'The zoo has no model of this id.', {
    where: 'model id',
    expected: `one of ${zooEntries.map((candidate) => candidate.id).join(', ')}`,
    got: JSON.stringify(id),
  })
}
