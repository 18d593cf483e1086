import { bitmapRows } from './drawable.js'
import { withoutProfile } from './jpeg.js'
import type { PictureRows } from './rows.js'

/**
 * Opens with the browser's own decoder; the contract is that of `decodeRows`. `where` names the picture in errors.
 *
 * A JPEG has no alpha, and its profile is left out: so it needs neither option that keeps values as they are stored, for which Chromium
 * would copy each pixel again on the calling thread.
 */
export async function openFile(bytes: Uint8Array, where: string): Promise<PictureRows> {
  const jpeg = withoutProfile(bytes)
  const asStored: ImageBitmapOptions = jpeg === null ? { premultiplyAlpha: 'none', colorSpaceConversion: 'none' } : {}
  const blob = new Blob((jpeg ?? [bytes]) as Uint8Array<ArrayBuffer>[])
  const bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image', ...asStored }).catch(async (cause: unknown) => {
    throw (await import('./undecodable.js')).undecodable(bytes, where, cause)
  })
  return bitmapRows(bitmap, where)
}
