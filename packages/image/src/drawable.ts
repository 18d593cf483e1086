import { type Global, MobileNetV2Error, type Size } from '@mobilenetv2/spec'
import { type Colour, checkBackground, white } from './background.js'
import { checkSize } from './picture.js'
import { opaqueRows, type PictureRows } from './rows.js'

/** What a browser can draw on a canvas: an image or video element, a canvas, a bitmap or a video frame. */
export type Drawable = Global<
  'HTMLImageElement' | 'HTMLVideoElement' | 'HTMLCanvasElement' | 'OffscreenCanvas' | 'ImageBitmap' | 'VideoFrame'
>

/** The size in the drawable's own pixels, which is not the size at which the page shows it; 0 x 0 if it has no pixels yet. */
function ownSize(drawable: Drawable): Size {
  if ('naturalWidth' in drawable) return { width: drawable.naturalWidth, height: drawable.naturalHeight }
  // A video knows its size before it has a frame.
  if ('videoWidth' in drawable && drawable.readyState < 2) return { width: 0, height: 0 }
  if ('videoWidth' in drawable) return { width: drawable.videoWidth, height: drawable.videoHeight }
  if ('displayWidth' in drawable) return { width: drawable.displayWidth, height: drawable.displayHeight }
  return { width: drawable.width, height: drawable.height }
}

/**
 * The rows of a drawable. Each strip is drawn on one small canvas when it is read.
 * @param background the colour behind a drawable that may be transparent; null for one that is opaque
 */
function drawnRows(drawable: Drawable, where: string, background: Colour | null, close: () => void): PictureRows {
  const { width, height } = ownSize(drawable)
  checkSize({ width, height }, where)
  const canvas = new OffscreenCanvas(width, 1)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) {
    throw new MobileNetV2Error('IMAGE', 'The browser gives no canvas, which reading a picture needs.', {
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

/** The rows of a bitmap on `background` (null if it is opaque). Closing the rows closes the bitmap. Throws as `openDrawable` does. */
export function bitmapRows(bitmap: Global<'ImageBitmap'>, where: string, background: Colour | null): PictureRows {
  const close = (): void => bitmap.close()
  try {
    return drawnRows(bitmap, where, background, close)
  } catch (error) {
    close()
    throw error
  }
}

/** Whether `copyTo` converts an opaque frame to RGBA, upright and at the size at which it is shown. */
function converts(frame: VideoFrame, { width, height }: Size): boolean {
  if (frame.format === null) return false
  if (frame.visibleRect?.width !== width || frame.visibleRect.height !== height) return false
  if (('rotation' in frame && frame.rotation !== 0) || ('flip' in frame && frame.flip === true)) return false
  // A browser that cannot convert ignores the option `format`, and states the size in the frame's own format.
  const bytes = 4 * width * height
  return frame.allocationSize() !== bytes && frame.allocationSize({ format: 'RGBA' }) === bytes
}

/** Whether a drawable is a video frame that may be transparent. The names of formats with alpha have an A. */
const isTransparentFrame = (drawable: Drawable): boolean => 'format' in drawable && drawable.format?.includes('A') === true

async function rowsOfDrawable(drawable: Drawable, background: Colour): Promise<PictureRows> {
  const where = 'picture'
  const size = ownSize(drawable)
  checkSize(size, where)
  // Chromium multiplies a transparent frame by its alpha twice if it is drawn directly.
  if ('naturalWidth' in drawable || isTransparentFrame(drawable)) {
    const rows = bitmapRows(await createImageBitmap(drawable), where, background)
    try {
      // If the page may not read the pixels, this fails here and not later.
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
 * The rows of what a drawable shows at the moment of the call. Of a video that is one frame. A transparent drawable is drawn on
 * `background`, within one level.
 *
 * An image element and a transparent frame are read strip by strip. Everything else is read at once, because each strip would fetch the
 * whole picture from the GPU. An opaque `VideoFrame` is read without a canvas if the browser can convert it: Chromium keeps each frame that
 * was drawn on a canvas, up to 512 MB of them, and takes twice as long.
 * @throws MobileNetV2Error `IMAGE` if the drawable has no pixels yet, has too many, or has pixels that the page may not read (a picture of
 * another site without CORS), or if the browser cannot read drawables; `OPTION` if `background` is not a colour
 * @example
 * ```ts
 * import { openDrawable, preprocessRows } from '@mobilenetv2/image'
 * import type { Network } from '@mobilenetv2/weights'
 *
 * async function inputOf(video: HTMLVideoElement, { preprocessing, architecture }: Network): Promise<Float32Array> {
 *   return preprocessRows(await openDrawable(video), preprocessing, architecture.input)
 * }
 * ```
 */
export async function openDrawable(drawable: Drawable, background: Colour = white): Promise<PictureRows> {
  checkBackground(background)
  try {
    return await rowsOfDrawable(drawable, background)
  } catch (cause) {
    throw (await import('./undrawable.js')).undrawable(drawable, ownSize(drawable), cause)
  }
}
