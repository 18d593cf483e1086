import type { Opening } from './decode.js'
import { bitmapRows } from './drawable.js'
import { otherFormats } from './formats.js'
import { opaqueRows, type PictureRows } from './rows.js'

/** The bytes that the browser decodes, and the EXIF orientation that it does not apply itself. */
async function forBrowsers(bytes: Uint8Array, format: Opening['format']): Promise<{ bytes: Uint8Array; orientation: number }> {
  if (format === 'WebP') return (await otherFormats()).withoutOrientation(bytes)
  return { bytes: format === 'AVIF' ? (await otherFormats()).asStill(bytes) : bytes, orientation: 1 }
}

/** Whether `openFile` can decode a JPEG at a smaller size. */
export const shrinksFiles = false

/**
 * Opens a file with the browser's own decoder, as `decodeRows` says.
 *
 * Two options of `createImageBitmap` keep the values as they are stored. A JPEG needs neither, because it has no alpha and its colour
 * profile was cut out. Without them Chromium does not copy each pixel once more on the calling thread.
 */
export async function openFile(file: Uint8Array, { where, background, format, jpeg }: Opening): Promise<PictureRows> {
  const { bytes, orientation } = await forBrowsers(file, format)
  const parts = jpeg?.parts
  const asStored: ImageBitmapOptions = parts === undefined ? { premultiplyAlpha: 'none', colorSpaceConversion: 'none' } : {}
  const blob = new Blob((parts ?? [bytes]) as Uint8Array<ArrayBuffer>[])
  const bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image', ...asStored })
  const rows = bitmapRows(bitmap, where, format === 'JPEG' ? null : background)
  if (orientation === 1) return rows
  const { turned } = await otherFormats()
  try {
    return opaqueRows(turned(rows.read(0, rows.height), orientation))
  } finally {
    rows.close()
  }
}
