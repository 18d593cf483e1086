import { type DecodeOptions, decode } from './decode.js'
import type { SharpPicture } from './read-sharp.js'
import { opaqueRows, type PictureRows } from './rows.js'

/**
 * The rows of what an instance of sharp gives. An instance without operations gives the rows of its file, as `decodeRows` does: upright,
 * without colour profile, CMYK converted alike. The instance's own operations are kept, and apply to the picture as it is stored; it is
 * turned after them, unless they turn it: `rotate` or `autoOrient`. The instance is read as it is at the call.
 * @throws MobileNetV2Error `IMAGE` if the instance gives no picture; as `decodeRows` throws.
 */
export async function openSharp(picture: SharpPicture, options: DecodeOptions = {}): Promise<PictureRows> {
  const copy = picture.clone()
  const { readSharp } = await import('./read-sharp.js')
  return opaqueRows(await readSharp(copy, (png) => decode(png, options)))
}
