import type { Preprocessing } from '@mobilenetv2/spec'

/** The preprocessing of publishers that use torchvision's resize of the shorter side, but not to 256 pixels for an input of 224. */
export function shorterSide(size: number): Pick<Preprocessing, 'geometry'> {
  return { geometry: { kind: 'shorterSide', size, rounding: 'torchvision' } }
}

/**
 * The preprocessing with which Google measured accuracies (TF-slim's inception_preprocessing.py, `preprocess_for_eval`): the central 0.875
 * of both sides is cropped and then stretched. Unlike TensorFlow's `resize_bilinear` of that time, the resize here is antialiased.
 */
export const centralFraction: Pick<Preprocessing, 'geometry'> = { geometry: { kind: 'centralFraction', fraction: 0.875 } }
