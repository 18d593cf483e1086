import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { Sharp, SharpOptions } from 'sharp'
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

/** Decodes with sharp; the contract is that of `decodeRows`. `where` names the picture in errors. */
export async function openFile(bytes: Uint8Array, where: string): Promise<PictureRows> {
  const sharp = await loadSharp()
  // 'error' lets pass what every viewer shows (stray bytes between JPEG segments), and still refuses a truncated file.
  const options: SharpOptions = { failOn: 'error', limitInputPixels: maxPixels, ignoreIcc: true }
  const { data, info } = await sharp(bytes, options)
    .rotate()
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw undecodable(bytes, where, cause)
    })
  // A plain view in place of a Buffer: its methods are those that the type promises, and loops over it stay monomorphic.
  const view = new Uint8Array(data.buffer, data.byteOffset, data.length)
  return rowsOf({ data: view, width: info.width, height: info.height, channels: info.channels as Picture['channels'] }, where)
}
