/** The kinds of `Geometry`. */
export const geometryKinds = ['shorterSide', 'stretch', 'centralFraction'] as const

/** How the geometry `shorterSide` rounds. */
export const geometryRoundings = ['torchvision', 'nearest'] as const

/**
 * How a picture is brought to the size of a model's input:
 * - `shorterSide`: the shorter side is resized to `size` with the aspect kept, then the centre is cropped. `rounding` decides
 *   fractions of pixels. `torchvision` truncates the longer side and rounds the crop's offset half to even, as torchvision's Resize
 *   and CenterCrop do. `nearest` rounds the longer side to the nearest integer and the offset down, as TensorFlow's crops do;
 * - `stretch`: both sides are resized to the input's, the aspect not kept;
 * - `centralFraction`: the central `fraction` of both sides is cut out, then stretched (TF-slim's evaluation).
 */
export type Geometry =
  | { readonly kind: 'shorterSide'; readonly size: number; readonly rounding: (typeof geometryRoundings)[number] }
  | { readonly kind: 'stretch' }
  | { readonly kind: 'centralFraction'; readonly fraction: number }

/** Every `Interpolation`. */
export const interpolations = ['bilinear', 'bicubic', 'bilinearAlignCorners'] as const

/**
 * `bilinear` and `bicubic` are Pillow's, antialiased: the filter is widened when a picture shrinks.
 * `bilinearAlignCorners` is TensorFlow.js's `resizeBilinear(…, alignCorners = true)`: no antialiasing, corner pixels on corner pixels.
 */
export type Interpolation = (typeof interpolations)[number]

/** The recipe from a picture to a model's input. It belongs to the model, not to the caller: a wrong one costs ten points of accuracy. */
export interface Preprocessing {
  readonly geometry: Geometry
  readonly interpolation: Interpolation
  /** Red, green and blue, on the scale of 0 to 1: input = (value / 255 - mean) / deviation. */
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
}
