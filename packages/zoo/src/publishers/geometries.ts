import type { Preprocessing } from '@mobilenetv2/spec'

/** torchvision's resize of the shorter side, for publishers that do not resize to 256 pixels for 224. */
export function shorterSide(size: number): Pick<Preprocessing, 'geometry'> {
  return { geometry: { kind: 'shorterSide', size, rounding: 'torchvision' } }
}

/**
 * What Google's accuracies were measured with (slim's inception_preprocessing.py, `preprocess_for_eval`): the central 0.875 of both
 * sides, stretched. TensorFlow's own `resize_bilinear` did not antialias; this one does.
 */
export const centralFraction: Pick<Preprocessing, 'geometry'> = { geometry: { kind: 'centralFraction', fraction: 0.875 } }
