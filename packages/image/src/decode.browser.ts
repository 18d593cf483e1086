import { readDrawable } from './canvas.js'
import type { Picture } from './picture.js'
import { undecodable } from './undecodable.js'

/** Decodes with the browser's own decoder; the contract is that of `decode`. `where` names the picture in errors. */
export async function decodePicture(bytes: Uint8Array, where: string): Promise<Picture> {
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>])
  const bitmap = await createImageBitmap(blob, {
    imageOrientation: 'from-image',
    premultiplyAlpha: 'none',
    colorSpaceConversion: 'none',
  }).catch((cause: unknown) => {
    throw undecodable(bytes, where, cause)
  })
  try {
    return await readDrawable(bitmap, where)
  } finally {
    bitmap.close()
  }
}
