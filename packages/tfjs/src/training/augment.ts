import { positiveOption } from '@mobilenetv2/spec'
import type { TrainingPicture } from './dataset.js'

/** What varies a picture. */
export interface Variation {
  /** Passes over the dataset that are done. */
  readonly epoch: number
  /** The next random number, from 0 to 1 (exclusive). The numbers of a picture in an epoch are the same in every run of the same seed. */
  random(): number
}

/** Gives a picture in another form; the one that it is given stays as it is. */
export type Augment = (picture: TrainingPicture, variation: Variation) => TrainingPicture | Promise<TrainingPicture>

/** Turns every other picture left to right. */
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

/** For each of `length` places, the two neighbours that it lies between after a part from `start` of `share` of the side is enlarged. */
function places(length: number, start: number, share: number): { low: number; high: number; weight: number }[] {
  return Array.from({ length }, (_, place) => {
    const at = Math.min(Math.max(start + (place + 0.5) * share - 0.5, 0), length - 1)
    const low = Math.floor(at)
    return { low, high: Math.min(low + 1, length - 1), weight: at - low }
  })
}

/**
 * Cuts a part of random size and place out of a picture, of the picture's proportions, and enlarges it (bilinear) to the picture's size.
 * @param least the least share of the sides that is kept: above 0, at most 1
 * @throws MobileNetV2Error `OPTION` if `least` is not allowed
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
