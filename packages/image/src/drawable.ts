import { type Global, MobileNetV2Error, type Size } from '@mobilenetv2/spec'
import { checkSize, type Picture } from './picture.js'
import { type PictureRows, rowsOf } from './rows.js'

/** What a browser can draw: an image or video element, a canvas, a bitmap or a frame of a video. */
export type Drawable = Global<
  'HTMLImageElement' | 'HTMLVideoElement' | 'HTMLCanvasElement' | 'OffscreenCanvas' | 'ImageBitmap' | 'VideoFrame'
>

/** Width and height in the drawable's own pixels, not the size at which the page shows it. */
function ownSize(drawable: Drawable): Size {
  if ('naturalWidth' in drawable) return { width: drawable.naturalWidth, height: drawable.naturalHeight }
  if ('videoWidth' in drawable) return { width: drawable.videoWidth, height: drawable.videoHeight }
  if ('displayWidth' in drawable) return { width: drawable.displayWidth, height: drawable.displayHeight }
  return { width: drawable.width, height: drawable.height }
}

function unreadable(where: string, cause: unknown): MobileNetV2Error {
  return new MobileNetV2Error('IMAGE', 'The pixels of a picture cannot be read.', {
    where,
    got: cause instanceof Error ? cause.message : String(cause),
    remedy:
      "A picture of another site needs the attribute crossorigin and that site's consent (CORS); an element must have loaded.",
    cause,
  })
}

/** The rows of a drawable, each strip drawn to one small canvas when it is read. */
function drawnRows(drawable: Drawable, where: string, close: () => void): PictureRows {
  const { width, height } = ownSize(drawable)
  checkSize({ width, height }, where)
  const canvas = new OffscreenCanvas(width, 1)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) {
    throw new MobileNetV2Error('IMAGE', 'The browser gives no canvas to read a picture from.', {
      where,
      expected: 'a 2d context of an OffscreenCanvas',
      got: `null at ${width} x 1`,
    })
  }
  return {
    width,
    height,
    read(first, count) {
      try {
        if (canvas.height < count) canvas.height = count
        // 'copy' replaces the previous strip, which would show through transparent pixels.
        context.globalCompositeOperation = 'copy'
        context.drawImage(drawable, 0, first, width, count, 0, 0, width, count)
        return { data: context.getImageData(0, 0, width, count).data, width, height: count, channels: 4 }
      } catch (cause) {
        throw unreadable(where, cause)
      }
    },
    close,
  }
}

/** The rows of a bitmap, closed with them. Throws as `readDrawable` does. */
export function bitmapRows(bitmap: Global<'ImageBitmap'>, where: string): PictureRows {
  const close = (): void => bitmap.close()
  try {
    return drawnRows(bitmap, where, close)
  } catch (error) {
    close()
    throw error
  }
}

/**
 * Reads the pixels of a drawable through a canvas: RGBA, 8 bits, at its own size. A video gives the frame that it shows now.
 * @throws MobileNetV2Error `IMAGE` if it has no pixels yet, has too many, or has pixels that the page may not read (another site's
 * picture without CORS).
 */
export function readDrawable(drawable: Drawable, where = 'picture'): Picture {
  const rows = drawnRows(drawable, where, () => {})
  return rows.read(0, rows.height)
}

/** Whether `copyTo` can convert a frame of a camera to RGBA, upright and at the size at which it is shown. */
function converts(frame: VideoFrame, { width, height }: Size): boolean {
  if (frame.format === null || frame.visibleRect?.width !== width || frame.visibleRect.height !== height) return false
  if (('rotation' in frame && frame.rotation !== 0) || ('flip' in frame && frame.flip === true)) return false
  // A browser that cannot convert ignores the option `format`, and gives the size in the frame's own format.
  const bytes = 4 * width * height
  return frame.allocationSize() !== bytes && frame.allocationSize({ format: 'RGBA' }) === bytes
}

/**
 * The rows of what a drawable shows at the moment of the call. The rows of an image element are read when they are needed. Every other
 * drawable may lie on the GPU, from which each strip would fetch the whole picture: so it is read at once. The `VideoFrame` of a camera
 * is read without a canvas: Chromium keeps each frame that is drawn, up to 512 MB of them, and takes twice as long.
 * @throws MobileNetV2Error `IMAGE` if the drawable has no pixels yet, has too many, or has pixels that the page may not read (another
 * site's picture without CORS).
 */
export async function openDrawable(drawable: Drawable, where = 'picture'): Promise<PictureRows> {
  const size = ownSize(drawable)
  if ('naturalWidth' in drawable) {
    checkSize(size, where)
    const bitmap = await createImageBitmap(drawable).catch((cause: unknown) => {
      throw unreadable(where, cause)
    })
    return bitmapRows(bitmap, where)
  }
  if (!('displayWidth' in drawable && converts(drawable, size))) return rowsOf(readDrawable(drawable, where))
  checkSize(size, where)
  const data = new Uint8ClampedArray(4 * size.width * size.height)
  await drawable.copyTo(data, { format: 'RGBA' })
  return rowsOf({ data, ...size, channels: 4 })
}
