// Errors for drawables that give no pixels. This file is imported lazily, so that a page loads its texts only if they are needed.
import { brandOf, MobileNetV2Error, messageOf, type Size } from '@mobilenetv2/spec'
import type { Drawable } from './drawable.js'
import { lacking } from './lacking.js'

/** Why a drawable has no pixels, and what to do. */
function lackOf(drawable: Drawable): readonly [got: string, remedy: string] {
  if ('naturalWidth' in drawable) {
    return drawable.complete && drawable.src !== ''
      ? ['an image element that could not be loaded, or has no size of its own', 'Check its src; give an SVG a width and a height.']
      : ['an image element that is not loaded', 'Wait for it: await image.decode()']
  }
  if ('videoWidth' in drawable) {
    const got = `a video without a frame (readyState ${drawable.readyState})`
    return [got, "Wait for its event 'loadeddata', for instance by await video.play()."]
  }
  if ('displayWidth' in drawable) return ['a video frame that is closed', 'Close a frame only after its answer has come.']
  if ('getContext' in drawable) return ['a canvas without pixels', 'Give the canvas a width and a height, and draw on it.']
  return ['a bitmap that is closed, or was transferred to another thread', 'Close a bitmap only after its answer has come.']
}

/** Whether the browser refused, because the pixels are another site's. */
function isSecurityError(cause: unknown): boolean {
  return brandOf(cause) === 'DOMException' && (cause as DOMException).name === 'SecurityError'
}

/**
 * The error for a drawable that could not be opened.
 * @param size the drawable's own size in pixels
 * @param cause the error that was thrown
 */
export function undrawable(drawable: Drawable, { width, height }: Size, cause: unknown): MobileNetV2Error {
  const where = 'picture'
  if (width === 0 || height === 0) {
    const [got, remedy] = lackOf(drawable)
    const expected = 'a picture of at least 1 x 1 pixels'
    return new MobileNetV2Error('IMAGE', 'A picture has no pixels to read.', {
      where,
      expected,
      got: `${width} x ${height}: ${got}`,
      remedy,
    })
  }
  const engine = lacking(cause)
  if (engine !== null) return engine
  const first = cause instanceof MobileNetV2Error ? cause.cause : cause
  if (isSecurityError(first)) {
    return new MobileNetV2Error('IMAGE', 'The page may not read the pixels of a picture of another site (CORS).', {
      where,
      got: messageOf(first),
      remedy: "Set crossOrigin = 'anonymous' before src. The other site must answer with the header Access-Control-Allow-Origin.",
      cause,
    })
  }
  if (cause instanceof MobileNetV2Error) return cause
  return new MobileNetV2Error('IMAGE', 'The pixels of a picture cannot be read.', { where, got: messageOf(cause), cause })
}
