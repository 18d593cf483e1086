import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { Sharp, SharpOptions } from 'sharp'
import { isJpeg, jpegComponents } from './jpeg.js'
import { maxPixels, type Picture } from './picture.js'
import { type PictureRows, rowsOf } from './rows.js'
import { undecodable } from './undecodable.js'

type Open = (input: Uint8Array, options: SharpOptions) => Sharp

async function loadSharp(): Promise<Open> {
  try {
    return (await import('sharp')).default
  } catch (cause) {
    throw new MobileNetV2Error('IMAGE', 'Decoding a picture in Node needs the package sharp.', {
      expected: 'the package sharp, version 0.33 or later',
      got: cause instanceof Error ? cause.message : String(cause),
      remedy: 'npm install sharp',
      cause,
    })
  }
}

/** Converts CMYK `[..., 4]` to RGB `[..., 3]` without a profile, as Pillow (src/libImaging/Convert.c, cmyk2rgb) and browsers do. */
function rgbOfInks(inks: Picture['data']): Uint8Array {
  const rgb = new Uint8Array((inks.length / 4) * 3)
  for (let from = 0, to = 0; from < inks.length; from += 4) {
    const light = 255 - inks[from + 3]!
    for (let ink = 0; ink < 3; ink++) {
      // Pillow's MULDIV255: the product divided by 255 and rounded, in integers.
      const product = inks[from + ink]! * light + 128
      rgb[to++] = light - (((product >> 8) + product) >> 8)
    }
  }
  return rgb
}

/** CMYK rows, converted to RGB when they are read: converting a large picture at once would block the event loop. */
function rowsOfInks(rows: PictureRows): PictureRows {
  return {
    ...rows,
    read(first, count) {
      const { data, width, height } = rows.read(first, count)
      return { data: rgbOfInks(data), width, height, channels: 3 }
    },
  }
}

/** Decodes with sharp; the contract is that of `decodeRows`. `where` names the picture in errors. */
export async function openFile(bytes: Uint8Array, where: string): Promise<PictureRows> {
  const sharp = await loadSharp()
  // 'error' accepts files that every viewer shows (stray bytes between JPEG segments), and still refuses a truncated file.
  const options: SharpOptions = { failOn: 'error', limitInputPixels: maxPixels, ignoreIcc: true }
  const refuse = (cause: unknown): never => {
    throw undecodable(bytes, where, cause)
  }
  const image = sharp(bytes, options)
  // For a JPEG this is read from the header: asking sharp takes another turn of the event loop for every photo.
  const inks = isJpeg(bytes) ? jpegComponents(bytes) === 4 : (await image.metadata().catch(refuse)).space === 'cmyk'
  const turned = image.rotate()
  const { data, info } = await (inks
    ? turned.pipelineColourspace('cmyk').toColourspace('cmyk')
    : turned.removeAlpha().toColourspace('srgb')
  )
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(refuse)
  // A plain Uint8Array in place of a Node Buffer, whose `slice` differs. Loops over it also stay monomorphic.
  const view = new Uint8Array(data.buffer, data.byteOffset, data.length)
  const { width, height, channels } = info
  const rows = rowsOf({ data: view, width, height, channels: channels as Picture['channels'] }, where)
  return inks ? rowsOfInks(rows) : rows
}
