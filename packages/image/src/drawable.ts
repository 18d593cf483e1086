import { type Global, MobileNetV2Error, type Size } from '@mobilenetv2/spec'
import { type Colour, checkBackground, white } from './background.js'
import { checkSize } from './picture.js'
import { opaqueRows, type PictureRows } from './rows.js'

/** What a browser can draw: an image or video element, a canvas, a bitmap or a frame of a video. */
export type Drawable = Global<
  'HTMLImageElement' | 'HTMLVideoElement' | 'HTMLCanvasElement' | 'OffscreenCanvas' | 'ImageBitmap' | 'VideoFrame'
>

/** Width and height in the drawable's own pixels, not the size at which the page shows it; 0 x 0 if it has no pixels to show. */
function ownSize(drawable: Drawable): Size {
  if ('naturalWidth' in drawable) return { width: drawable.naturalWidth, height: drawable.naturalHeight }
  // A video knows its size before it has a frame.
  if ('videoWidth' in drawable && drawable.readyState < 2) return { width: 0, height: 0 }
  if ('videoWidth' in drawable) return { width: drawable.videoWidth, height: drawable.videoHeight }
  if ('displayWidth' in drawable) return { width: drawable.displayWidth, height: drawable.displayHeight }
  return { width: drawable.width, height: drawable.height }
}

/**
 * The rows of a drawable, each strip drawn to one small canvas when it is read.
 * @param background what a drawable that may be transparent lies on; null for one that is opaque
 */
function drawnRows(drawable: Drawable, where: string, background: Colour | null, close: () => void): PictureRows {
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
        context.globalCompositeOperation = 'copy'
        if (background !== null) {
          context.fillStyle = `rgb(${background})`
          context.fillRect(0, 0, width, count)
          context.globalCompositeOperation = 'source-over'
        }
        context.drawImage(drawable, 0, first, width, count, 0, 0, width, count)
        return { data: context.getImageData(0, 0, width, count).data, width, height: count, channels: 4 }
      } catch (cause) {
        throw new MobileNetV2Error('IMAGE', 'The pixels of a picture cannot be read.', { where, got: String(cause), cause })
      }
    },
    close,
  }
}

/** The rows of a bitmap on `background` (null if it is opaque), closed with them. Throws as `openDrawable` does. */
export function bitmapRows(bitmap: Global<'ImageBitmap'>, where: string, background: Colour | null): PictureRows {
  const close = (): void => bitmap.close()
  try {
    return drawnRows(bitmap, where, background, close)
  } catch (error) {
    close()
    throw error
  }
}

/** Whether `copyTo` can convert an opaque frame of a camera to RGBA, upright and at the size at which it is shown. */
function converts(frame: VideoFrame, { width, height }: Size): boolean {
  if (frame.format === null) return false
  if (frame.visibleRect?.width !== width || frame.visibleRect.height !== height) return false
  if (('rotation' in frame && frame.rotation !== 0) || ('flip' in frame && frame.flip === true)) return false
  // A browser that cannot convert ignores the option `format`, and gives the size in the frame's own format.
  const bytes = 4 * width * height
  return frame.allocationSize() !== bytes && frame.allocationSize({ format: 'RGBA' }) === bytes
}

/** Whether a drawable is a frame that may be transparent: the formats with alpha have an A in their names. */
const isTransparentFrame = (drawable: Drawable): boolean => 'format' in drawable && drawable.format?.includes('A') === true

async function rowsOfDrawable(drawable: Drawable, background: Colour): Promise<PictureRows> {
  const where = 'picture'
  const size = ownSize(drawable)
  checkSize(size, where)
  // Drawn itself, a frame that was made of a transparent canvas is darkened twice by Chromium.
  if ('naturalWidth' in drawable || isTransparentFrame(drawable)) {
    const rows = bitmapRows(await createImageBitmap(drawable), where, background)
    try {
      // Fails now if the page may not read the pixels.
      rows.read(0, 1)
    } catch (error) {
      rows.close()
      throw error
    }
    return rows
  }
  if ('displayWidth' in drawable && converts(drawable, size)) {
    const data = new Uint8ClampedArray(4 * size.width * size.height)
    await drawable.copyTo(data, { format: 'RGBA' })
    return opaqueRows({ data, ...size, channels: 4 })
  }
  const rows = drawnRows(drawable, where, background, () => {})
  return opaqueRows(rows.read(0, rows.height), where)
}

/**
 * The rows of what a drawable shows at the moment of the call. A video shows one frame.
 *
 * Where the drawable is transparent, it lies on `background`, within one level.
 *
 * An image element and a transparent frame are read strip by strip. Everything else is read at once, because each strip would fetch the
 * whole picture from the GPU.
 *
 * An opaque `VideoFrame` is read without a canvas if the browser can convert it: Chromium keeps each frame that is drawn, up to 512 MB of
 * them, and takes twice as long.
 * @throws MobileNetV2Error `IMAGE` if the drawable has no pixels yet, has too many, or has pixels that the page may not read (another
 * site's picture without CORS), and if the engine cannot read drawables; `OPTION` if `background` is no colour.
 */
export async function openDrawable(drawable: Drawable, background: Colour = white): Promise<PictureRows> {
  checkBackground(background)
  try {
    return await rowsOfDrawable(drawable, background)
  } catch (cause) {
    throw (await import('./undrawable.js')).undrawable(drawable, ownSize(drawable), cause)
  }
}
