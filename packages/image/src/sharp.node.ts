import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import type { Sharp, SharpOptions } from 'sharp'
import { maxPixels } from './picture.js'

type Open = (input: Uint8Array, options: SharpOptions) => Sharp

/** `import()` takes time at each call, also of a loaded module. */
let loaded: Open | undefined

/**
 * Imports sharp, which need not be installed.
 * @throws MobileNetV2Error `IMAGE` if it is not
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
 * The options of sharp for every file: levels as they are stored. 'error' accepts files that every viewer shows (stray bytes between JPEG
 * segments), and still refuses a truncated file.
 */
export const asStored: SharpOptions = { failOn: 'error', limitInputPixels: maxPixels, ignoreIcc: true }
