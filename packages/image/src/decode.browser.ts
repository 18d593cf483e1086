import { MobileNetV2Error } from '@mobilenetv2/spec'
import { checkSize, type Picture } from './picture.js'
import { undecodable } from './undecodable.js'

/** The pixels of a bitmap, `[height, width, 4]`, by way of a canvas. */
function readPixels(bitmap: ImageBitmap, where: string): Uint8ClampedArray {
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (context === null) {
    throw new MobileNetV2Error('IMAGE', 'The browser gives no canvas to read a picture from.', {
      where,
      expected: 'a 2d context of an OffscreenCanvas',
      got: `null at ${width} x ${height}`,
    })
  }
  context.drawImage(bitmap, 0, 0)
  return context.getImageData(0, 0, width, height).data
}

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
    const { width, height } = bitmap
    checkSize({ width, height }, where)
    return { data: readPixels(bitmap, where), width, height, channels: 4 }
  } finally {
    bitmap.close()
  }
}
