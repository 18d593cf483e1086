import type { ResizeOptions } from 'sharp'
import { asStill } from './avif.js'
import type { Opening } from './decode.js'
import { rgbOfInks } from './inks.js'
import type { Picture } from './picture.js'
import { opaqueRows, type PictureRows, rowsOf } from './rows.js'
import { asStored, loadSharp } from './sharp.node.js'

/** Turns rows of CMYK into RGB when they are read. Converting a large picture at once would block the event loop. */
function rowsOfInks(rows: PictureRows): PictureRows {
  return {
    ...rows,
    read(first, count) {
      const { data, width, height } = rows.read(first, count)
      return { data: rgbOfInks(data), width, height, channels: 3 }
    },
  }
}

/** Whether `openFile` can decode a JPEG at a smaller size. */
export const shrinksFiles = true

/** The options of sharp's `resize` that make a picture smaller, with the filter that is most like the preprocessing's. */
function shrunk({ side, interpolation }: NonNullable<Opening['shrink']>): ResizeOptions {
  return { width: side, height: side, fit: 'outside', kernel: interpolation === 'bicubic' ? 'cubic' : 'linear' }
}

/** Opens a file with sharp, as `decodeRows` says. */
export async function openFile(bytes: Uint8Array, { where, background, format, jpeg, shrink }: Opening): Promise<PictureRows> {
  const sharp = await loadSharp()
  const inks = jpeg?.components === 4
  const whole = sharp(format === 'AVIF' ? asStill(bytes) : bytes, asStored).rotate()
  const turned = shrink === null ? whole : whole.resize(shrunk(shrink))
  const { data, info } = await (inks ? turned.pipelineColourspace('cmyk').toColourspace('cmyk') : turned.toColourspace('srgb'))
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  // A plain Uint8Array: `slice` of a Node Buffer is another function, and loops that see one class of array are faster.
  const view = new Uint8Array(data.buffer, data.byteOffset, data.length)
  const { width, height, channels } = info
  const picture = { data: view, width, height, channels: channels as Picture['channels'] }
  return inks ? rowsOfInks(opaqueRows(picture, where)) : rowsOf(picture, where, background)
}
