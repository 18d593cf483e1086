import { checkOptionNames, MobileNetV2Error } from '@mobilenetv2/spec'
import { openFile } from '#decode'
import { headerSize } from './header.js'
import { checkSize, type Picture } from './picture.js'
import type { PictureRows } from './rows.js'

/** What `decode` and `decodeRows` take. */
export interface DecodeOptions {
  /** The file's name, for errors. */
  readonly file?: string | undefined
}

/**
 * Decodes a file as `decode` does, and gives its rows. In a browser they stay in the browser's own bitmap until they are read. The
 * caller must close them; `preprocessRows` closes them too. Throws as `decode` does.
 */
export async function decodeRows(bytes: Uint8Array, options: DecodeOptions = {}): Promise<PictureRows> {
  checkOptionNames(options, ['file'])
  const where = options.file === undefined ? 'picture' : `file ${options.file}`
  if (bytes.length === 0) {
    throw new MobileNetV2Error('IMAGE', 'A picture is empty.', { where, expected: 'a picture file', got: '0 bytes' })
  }
  const stated = headerSize(bytes)
  if (stated !== undefined) checkSize(stated, where)
  return openFile(bytes, where)
}

/**
 * Decodes a JPEG, PNG, WebP, GIF (first frame) or AVIF file; in Node with the package sharp, in a browser with the browser's own
 * decoder. It always decodes at full size: shrinking while decoding would change values.
 *
 * The picture is turned as its EXIF orientation says. Greyscale, CMYK and 16-bit pictures become 8-bit RGB. A colour profile is
 * ignored, and alpha is dropped, not blended. Pillow's `convert('RGB')`, with which models are trained, does both in the same way. (In a
 * browser, fully transparent pixels become black, because a canvas keeps no colour for them.)
 * @throws MobileNetV2Error `IMAGE` if the bytes are not a whole picture, if it has more than `maxPixels`, or if sharp is not installed;
 * `OPTION` for an option that does not exist.
 */
export async function decode(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Picture> {
  const rows = await decodeRows(bytes, options)
  try {
    return rows.read(0, rows.height)
  } finally {
    rows.close()
  }
}
