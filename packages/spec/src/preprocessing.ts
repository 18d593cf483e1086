/** Every kind of `Geometry`. */
export const geometryKinds = ['shorterSide', 'stretch', 'centralFraction'] as const

/** Every rounding of the geometry `shorterSide`. */
export const geometryRoundings = ['torchvision', 'nearest'] as const

/**
 * How a picture is brought to the size of a model's input:
 * - `shorterSide`: the shorter side is resized to `size` pixels with the aspect ratio kept, then the centre is cropped. `rounding` says
 *   what becomes of fractions of pixels. `torchvision` truncates the longer side and rounds half of the crop's margin to even, as
 *   torchvision's Resize and CenterCrop do. `nearest` rounds the longer side to the nearest integer and half of the margin down, as
 *   TensorFlow's crops do.
 * - `stretch`: the whole picture is resized to the input's height and width, and its aspect ratio is lost.
 * - `centralFraction`: the central `fraction` of both sides, above 0 and at most 1, is cropped and then stretched, as TF-slim evaluates.
 */
export type Geometry =
  | { readonly kind: 'shorterSide'; readonly size: number; readonly rounding: (typeof geometryRoundings)[number] }
  | { readonly kind: 'stretch' }
  | { readonly kind: 'centralFraction'; readonly fraction: number }

/** Every `Interpolation`. */
export const interpolations = ['bilinear', 'bicubic', 'bilinearAlignCorners'] as const

/**
 * How a picture is resized. `bilinear` and `bicubic` are Pillow's, which widen the filter when a picture shrinks (antialiasing).
 * `bilinearAlignCorners` is TensorFlow.js's `resizeBilinear(…, alignCorners = true)`: it does not widen the filter, and it puts
 * the corner pixels of the result on the corner pixels of the picture.
 */
export type Interpolation = (typeof interpolations)[number]

/**
 * How a picture becomes a model's input. It must be the preprocessing of the model's training: a different one can cost ten points
 * of accuracy.
 */
export interface Preprocessing {
  /** How the picture is brought to the size of the input. */
  readonly geometry: Geometry
  /** How it is resized. */
  readonly interpolation: Interpolation
  /** For red, green and blue, on the scale from 0 to 1: input = (level / 255 - mean) / deviation. */
  readonly mean: readonly [number, number, number]
  /** For red, green and blue: the divisor, above 0. */
  readonly deviation: readonly [number, number, number]
}
