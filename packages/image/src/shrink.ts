import type { Preprocessing, Size } from '@mobilenetv2/spec'
import { pictureRoute } from './picture-route.js'

/** What a picture is decoded for: the model's `preprocessing`, and the size of the model's `input`. */
export interface DecodeTarget {
  readonly preprocessing: Preprocessing
  readonly input: Size
}

/** The largest scale at which shrinking while decoding helps: a decoder of JPEG can divide each side by 2, 4 or 8. */
const largestScale = 1 / 2

/**
 * The shorter side, in pixels, that a picture is shrunk to while it is decoded: the smallest that the preprocessing need not enlarge. Null
 * if that is more than half of the picture's shorter side, or if the resize has no antialiasing: a shrunk picture would then give
 * another result. The picture may be turned after its header was read, so the side is large enough for both orientations.
 */
export function shrunkSide({ width, height }: Size, { preprocessing, input }: DecodeTarget): number | null {
  if (preprocessing.interpolation === 'bilinearAlignCorners') return null
  const scales = [
    { width, height },
    { width: height, height: width },
  ].flatMap((picture) => {
    const { box, size } = pictureRoute(preprocessing, picture, input)
    return [size.width / box.width, size.height / box.height]
  })
  const scale = Math.max(...scales)
  // A fraction that comes from floating-point rounding must not add a pixel, which would make another resize necessary.
  return scale > largestScale ? null : Math.ceil(scale * Math.min(width, height) - 1e-6)
}
