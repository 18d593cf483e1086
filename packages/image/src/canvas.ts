import { MobileNetV2Error } from '@mobilenetv2/spec'
import { checkSize, type Picture } from './picture.js'

/** What a browser can draw: an image or video element, a canvas, a bitmap or a frame of a video. */
export type Drawable = HTMLImageElement | HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | VideoFrame

/** Width and height of the pixels themselves, whatever size the page shows them at. */
function ownSize(drawable: Drawable): { width: number; height: number } {
  if ('naturalWidth' in drawable) return { width: drawable.naturalWidth, height: drawable.naturalHeight }
  if ('videoWidth' in drawable) return { width: drawable.videoWidth, height: drawable.videoHeight }
  if ('displayWidth' in drawable) return { width: drawable.displayWidth, height: drawable.displayHeight }
  return { width: drawable.width, height: drawable.height }
}

/**
 * The pixels of something that a browser can draw, by way of a canvas: RGBA, 8 bits, at its own size. A video gives the frame that
 * it shows now.
 * @throws MobileNetV2Error `IMAGE` where it has no pixels yet, too many, or none that the page may read (another site's picture
 * without CORS).
 */
export function readDrawable(drawable: Drawable, where = 'picture'): Picture {
  const { width, height } = ownSize(drawable)
  checkSize({ width, height }, where)
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
