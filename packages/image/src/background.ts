import { refuseOption } from '@mobilenetv2/spec'
import type { PictureRows } from './rows.js'

/** A colour: red, green and blue, integers from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number]

/** The colour behind transparent pictures, unless another is given. */
export const white: Colour = [255, 255, 255]

/**
 * Checks the option `background`.
 * @throws MobileNetV2Error `OPTION` if it is not a colour
 * @internal
 */
export function checkBackground(colour: Colour): void {
  const isColour =
    Array.isArray(colour) && colour.length === 3 && colour.every((level) => Number.isInteger(level) && level >= 0 && level <= 255)
  if (!isColour) refuseOption('background', colour, 'red, green and blue, three integers from 0 to 255')
}

/** Turns rows of RGBA into RGB on a background when they are read: (level * alpha + colour * (255 - alpha)) / 255, rounded. */
export function onBackground(rows: PictureRows, background: Colour): PictureRows {
  return {
    ...rows,
    read(first, count) {
      const { data, width, height } = rows.read(first, count)
      const rgb = new Uint8Array(width * height * 3)
      for (let from = 0, to = 0; from < data.length; from += 4) {
        const alpha = data[from + 3]!
        for (let channel = 0; channel < 3; channel++) {
          const sum = data[from + channel]! * alpha + background[channel]! * (255 - alpha) + 127
          // The sum divided by 255, which this computes exactly below 65535.
          rgb[to++] = (sum + 1 + (sum >> 8)) >> 8
        }
      }
      return { data: rgb, width, height, channels: 3 }
    },
  }
}
