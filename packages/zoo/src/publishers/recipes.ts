import type { Preprocessing } from '@mobilenetv2/spec'

/** Preprocessing that a file does not tell, where it is not its naming's for 224 x 224 (which `inferOptions` finds). */

/** torchvision's `ImageClassification` with another size of the shorter side. */
export function torchvisionRecipe(shorterSide: number): Preprocessing {
  return {
    geometry: { kind: 'shorterSide', size: shorterSide, rounding: 'torchvision' },
    interpolation: 'bilinear',
    mean: [0.485, 0.456, 0.406],
    deviation: [0.229, 0.224, 0.225],
  }
}

/** The `MobileNetV2ImageProcessor` of transformers as google/mobilenet_v2_* configure it: 32 pixels more than the crop. */
export function huggingFaceRecipe(size: number): Preprocessing {
  return {
    geometry: { kind: 'shorterSide', size: size + 32, rounding: 'torchvision' },
    interpolation: 'bilinear',
    mean: [0.5, 0.5, 0.5],
    deviation: [0.5, 0.5, 0.5],
  }
}

/**
 * What Google's accuracies were measured with (slim's inception_preprocessing.py, `preprocess_for_eval`): the central 0.875 of both
 * sides, stretched. TensorFlow's own `resize_bilinear` did not antialias; this one does.
 */
export const slimRecipe: Preprocessing = {
  geometry: { kind: 'centralFraction', fraction: 0.875 },
  interpolation: 'bilinear',
  mean: [0.5, 0.5, 0.5],
  deviation: [0.5, 0.5, 0.5],
}
