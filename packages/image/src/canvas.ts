import { MobileNetV2Error } from '@mobilenetv2/spec'
import { checkSize, type Picture, type Size } from './picture.js'

/** What a browser can draw: an image or video element, a canvas, a bitmap or a frame of a video. */
export type Drawable = HTMLImageElement | HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | VideoFrame

/** Width and height of the pixels themselves, whatever size the page shows them at. */
function ownSize(drawable: Drawable): Size {
  if ('naturalWidth' in drawable) return { width: drawable.naturalWidth, height: drawable.naturalHeight }
  if ('videoWidth' in drawable) return { width: drawable.videoWidth, height: drawable.videoHeight }
  if ('displayWidth' in drawable) return { width: drawable.displayWidth, height: drawable.displayHeight }
  return { width: drawable.width, height: drawable.height }
}

/** The pixels as a canvas has them. */
function draw(drawable: Drawable, { width, height }: Size, where: string): Picture {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (context === null) {
    throw new MobileNetV2Error('IMAGE', 'The browser gives no canvas to read a picture from.', {
      where,
      expected: 'a 2d context of an OffscreenCanvas',
      got: `null at ${width} x ${height}`,
    })
  }
  try {
    context.drawImage(drawable, 0, 0, width, height)
    return { data: context.getImageData(0, 0, width, height).data, width, height, channels: 4 }
  } catch (cause) {
    throw new MobileNetV2Error('IMAGE', 'The pixels of a picture cannot be read.', {
      where,
      got: cause instanceof Error ? cause.message : String(cause),
      remedy:
        "A picture of another site needs the attribute crossorigin and that site's consent (CORS); an element must have loaded.",
      cause,
    })
  }
}

/** Whether the browser can turn a frame of a camera into RGBA by itself, upright and at the size at which it is shown. */
function converts(frame: VideoFrame, { width, height }: Size): boolean {
  if (frame.format === null || frame.visibleRect?.width !== width || frame.visibleRect.height !== height) return false
  if (('rotation' in frame && frame.rotation !== 0) || ('flip' in frame && frame.flip === true)) return false
  // A browser that cannot convert ignores the wish, and counts the bytes of the frame's own format.
  const bytes = 4 * width * height
  return frame.allocationSize() !== bytes && frame.allocationSize({ format: 'RGBA' }) === bytes
}

/**
 * The pixels of something that a browser can draw: RGBA, 8 bits, at its own size. A video gives the frame that it shows now. Goes by
 * way of a canvas, but for a camera's `VideoFrame`: Chromium keeps each one that is drawn, up to 512 MB of them, and takes twice as
 * long.
 * @throws MobileNetV2Error `IMAGE` where it has no pixels yet, too many, or none that the page may read (another site's picture
 * without CORS).
 */
export async function readDrawable(drawable: Drawable, where = 'picture'): Promise<Picture> {
  const size = ownSize(drawable)
  checkSize(size, where)
  if ('VideoFrame' in globalThis && drawable instanceof VideoFrame && converts(drawable, size)) {
    const data = new Uint8ClampedArray(4 * size.width * size.height)
    await drawable.copyTo(data, { format: 'RGBA' })
    return { data, ...size, channels: 4 }
  }
  return draw(drawable, size, where)
}
