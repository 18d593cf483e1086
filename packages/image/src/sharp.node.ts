import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import type { Sharp, SharpOptions } from 'sharp'
import { maxPixels } from './picture.js'

type Open = (input: Uint8Array, options: SharpOptions) => Sharp

/** Kept, because `import()` takes time at each call, also of a module that is loaded already. */
let loaded: Open | undefined

/**
 * Imports sharp, an optional dependency.
 * @throws MobileNetV2Error `IMAGE` if it is not installed
 */
export async function loadSharp(): Promise<Open> {
  try {
    loaded ??= (await import('sharp')).default
    return loaded
  } catch (cause) {
    throw new MobileNetV2Error('IMAGE', 'Decoding a picture in Node needs the package sharp.', {
      expected: 'the package sharp, version 0.33 or later',
      got: messageOf(cause),
      remedy: 'npm install sharp',
      cause,
    })
  }
}

/**
 * The options of sharp for every file, which give the levels as they are stored. `failOn: 'error'` accepts files that every viewer shows
 * (stray bytes between JPEG segments), but not a truncated file.
 */
export const asStored: SharpOptions = { failOn: 'error', limitInputPixels: maxPixels, ignoreIcc: true }
