import { checkDecodeOptions, type DecodeOptions, decode } from './decode.js'
import type { SharpPicture } from './read-sharp.js'
import { opaqueRows, type PictureRows } from './rows.js'

/**
 * The rows of the picture that an instance of sharp gives. An instance without operations gives the same rows as `decodeRows` gives of its
 * file: upright, without colour profile, CMYK converted to RGB. Operations of the instance apply to the picture as it is stored. After them
 * it is turned as its EXIF orientation says, unless `rotate` or `autoOrient` is among them. Changes of the instance after the call have no
 * effect.
 * @throws MobileNetV2Error `IMAGE` if the instance gives no picture, and as `decodeRows`; `OPTION` as `decodeRows`
 * @example
 * ```ts
 * import { openSharp } from '@mobilenetv2/image'
 * import sharp from 'sharp'
 *
 * const { width, height } = await openSharp(sharp('cat.jpg').flop())
 * ```
 */
export async function openSharp(picture: SharpPicture, options: DecodeOptions = {}): Promise<PictureRows> {
  checkDecodeOptions(options)
  const copy = picture.clone()
  const { readSharp } = await import('./read-sharp.js')
  return opaqueRows(await readSharp(copy, (png) => decode(png, options)))
}
