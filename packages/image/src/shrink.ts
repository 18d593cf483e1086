import type { Preprocessing, Size } from '@mobilenetv2/spec'
import { pictureRoute } from './picture-route.js'

/** What a picture is decoded for: how it is prepared, and the size of the model's input. */
export interface DecodeTarget {
  readonly preprocessing: Preprocessing
  readonly input: Size
}

/** What is resized to less than a half is decoded smaller: a decoder of JPEG can divide each side by 2, 4 or 8. */
const largestScale = 1 / 2

/**
 * The shorter side, in pixels, of the smallest copy of a picture that the preprocessing need not enlarge; null if it is over half of the
 * picture's, or if the filter has no antialiasing, which makes another picture of a copy. The picture may be turned after its header was
 * read, so the copy is large enough for both orientations.
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
  // Fractions that only rounding made add no pixel, whose copy would have to be resized once more.
  return scale > largestScale ? null : Math.ceil(scale * Math.min(width, height) - 1e-6)
}
