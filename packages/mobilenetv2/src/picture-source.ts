import { decode, type Picture } from '@mobilenetv2/image'
import { readBytes } from './read-bytes.js'

/**
 * A picture as a user holds it: the path or URL of an image file, the file's bytes, or pixels that are already decoded
 * (an `ImageData` is one; three or four 8-bit channels, red, green, blue and alpha).
 */
export type PictureSource = string | URL | Uint8Array | Omit<Picture, 'channels'>

/**
 * The decoded picture.
 * @throws MobileNetV2Error `SOURCE` where the file cannot be read, `IMAGE` where it is no picture.
 */
export async function openPicture(source: PictureSource, signal?: AbortSignal): Promise<Picture> {
  if (source instanceof Uint8Array) return decode(source, {})
  if (typeof source === 'string' || source instanceof URL) {
    const location = String(source)
    return decode(await readBytes(location, signal), { file: location })
  }
  const { data, width, height } = source
  return { data, width, height, channels: data.length === width * height * 3 ? 3 : 4 }
}
