import type { Geometry, PaddingConvention, Preprocessing } from '@mobilenetv2/spec'
import type { Framework } from '../namings/naming.js'

/** A number for each of red, green and blue. */
export type Triple = Preprocessing['mean']

export type RecipeName = 'torchvision' | 'timm' | 'huggingface' | 'tensorflow' | 'nsfwjs' | 'teachableMachine'

/** The preprocessing of one publisher. It applies if no other source states one. */
export interface Recipe {
  /** The publisher's name as a possessive for `reasons`: `timm's`. */
  readonly publisher: string
  /** The geometry for an input whose shorter side has `size` pixels. */
  readonly geometry: (size: number) => Geometry
  readonly interpolation: Preprocessing['interpolation']
  readonly mean: Triple
  readonly deviation: Triple
}

/** The padding of each framework. */
export const paddingOf: Readonly<Record<Framework, PaddingConvention>> = { PyTorch: 'symmetric', TensorFlow: 'same' }

export const half: Triple = [0.5, 0.5, 0.5]

/** The mean and deviation of ImageNet's pictures, on the scale from 0 to 1. */
const imageNet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const satisfies Pick<
  Recipe,
  'mean' | 'deviation'
>

/**
 * The preprocessing with which publishers of MobileNetV2 weights evaluate them:
 * - torchvision's `ImageClassification` presets: 256 for 224;
 * - timm's `transforms_imagenet_eval` with its `crop_pct` of 0.875;
 * - the `MobileNetV2ImageProcessor` of transformers as google/mobilenet_v2_* configure it: 32 pixels more than the crop. Its crop
 *   rounds offsets down. That is a pixel less than `torchvision` rounding gives if half of the margin is 1.5, 3.5 and so on;
 * - the TensorFlow family's own evaluation, which takes a central square whose sides are 0.875 of the shorter side;
 * - npm `nsfwjs`, for TensorFlow.js graph-models: `resizeBilinear(…, alignCorners = true)` of the whole picture;
 * - Teachable Machine, whose library draws the whole centre square on a canvas of the input's size. The library divides by 127, but its
 *   exports to Python divide by 127.5.
 */
export const recipes: Readonly<Record<RecipeName, Recipe>> = {
  torchvision: {
    publisher: "torchvision's",
    geometry: (size) => ({ kind: 'shorterSide', size: Math.round(size / 0.875), rounding: 'torchvision' }),
    interpolation: 'bilinear',
    ...imageNet,
  },
  timm: {
    publisher: "timm's",
    geometry: (size) => ({ kind: 'shorterSide', size: Math.floor(size / 0.875), rounding: 'torchvision' }),
    interpolation: 'bicubic',
    ...imageNet,
  },
  huggingface: {
    publisher: "Hugging Face google/mobilenet_v2's",
    geometry: (size) => ({ kind: 'shorterSide', size: size + 32, rounding: 'torchvision' }),
    interpolation: 'bilinear',
    mean: half,
    deviation: half,
  },
  tensorflow: {
    publisher: "the TensorFlow family's",
    geometry: (size) => ({ kind: 'shorterSide', size: Math.round(size / 0.875), rounding: 'nearest' }),
    interpolation: 'bilinear',
    mean: half,
    deviation: half,
  },
  nsfwjs: {
    publisher: "nsfwjs's",
    geometry: () => ({ kind: 'stretch' }),
    interpolation: 'bilinearAlignCorners',
    mean: half,
    deviation: half,
  },
  teachableMachine: {
    publisher: "Teachable Machine's",
    geometry: (size) => ({ kind: 'shorterSide', size, rounding: 'nearest' }),
    interpolation: 'bilinear',
    mean: half,
    deviation: half,
  },
}
