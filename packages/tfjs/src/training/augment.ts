import { positiveOption } from '@mobilenetv2/spec'
import type { TrainingPicture } from './dataset.js'

/** What an augmentation may depend on. */
export interface Variation {
  /** The number of finished passes over the dataset. */
  readonly epoch: number
  /** The next random number, from 0 to below 1. For the same seed, epoch and picture, the numbers are the same in every training. */
  random(): number
}

/** An augmentation: gives a changed copy of a picture, and leaves the given picture as it is. */
export type Augment = (picture: TrainingPicture, variation: Variation) => TrainingPicture | Promise<TrainingPicture>

/**
 * Mirrors a picture left to right with probability 1/2. It is an augmentation for the option `augment`.
 * @example
 * ```ts
 * import { type FineTuneOptions, randomFlip } from '@mobilenetv2/tfjs'
 *
 * const options: FineTuneOptions = { augment: [randomFlip] }
 * ```
 */
export const randomFlip: Augment = (picture, { random }) => {
  if (random() < 0.5) return picture
  const { height, width, pixels } = picture
  const turned = new Float32Array(pixels.length)
  for (let pixel = 0; pixel < height * width; pixel++) {
    const column = pixel % width
    const from = 3 * (pixel - column + (width - 1 - column))
    for (let channel = 0; channel < 3; channel++) turned[3 * pixel + channel] = pixels[from + channel]!
  }
  return { ...picture, pixels: turned }
}

/**
 * The places to read for a side of `length` pixels, if the part that begins at `start` and has `share` of the side is enlarged to the whole
 * side: for each pixel, the two neighbours that it lies between, and the weight of the second.
 */
function places(length: number, start: number, share: number): { low: number; high: number; weight: number }[] {
  return Array.from({ length }, (_, place) => {
    const at = Math.min(Math.max(start + (place + 0.5) * share - 0.5, 0), length - 1)
    const low = Math.floor(at)
    return { low, high: Math.min(low + 1, length - 1), weight: at - low }
  })
}

/**
 * Cuts a part of random size and position out of a picture, with the picture's aspect ratio, and enlarges it to the picture's size by
 * bilinear interpolation. It gives an augmentation for the option `augment`.
 * @param least the least share of the sides that is kept: above 0, at most 1
 * @throws MobileNetV2Error `OPTION` if `least` is out of its range
 * @example
 * ```ts
 * import { type FineTuneOptions, randomCrop } from '@mobilenetv2/tfjs'
 *
 * const options: FineTuneOptions = { augment: [randomCrop(0.8)] }
 * ```
 */
export function randomCrop(least: number): Augment {
  positiveOption('least', least, 1)
  return (picture, { random }) => {
    const { height, width, pixels } = picture
    const share = least + (1 - least) * random()
    const rows = places(height, random() * (1 - share) * height, share)
    const columns = places(width, random() * (1 - share) * width, share)
    const cut = new Float32Array(pixels.length)
    let at = 0
    for (const row of rows) {
      for (const column of columns) {
        for (let channel = 0; channel < 3; channel++) {
          const value = (y: number, x: number): number => pixels[3 * (y * width + x) + channel]!
          const top = value(row.low, column.low) * (1 - column.weight) + value(row.low, column.high) * column.weight
          const bottom = value(row.high, column.low) * (1 - column.weight) + value(row.high, column.high) * column.weight
          cut[at++] = top * (1 - row.weight) + bottom * row.weight
        }
      }
    }
    return { ...picture, pixels: cut }
  }
}
