import { MobileNetV2Error, type Preprocessing, type UnsharedFloats } from '@mobilenetv2/spec'

/** The part of a preprocessing that changes values: see `Preprocessing`. */
export type Normalisation = Pick<Preprocessing, 'mean' | 'deviation'>

function checkNormalisation({ mean, deviation }: Normalisation): void {
  if (mean.every(Number.isFinite) && deviation.every((value) => Number.isFinite(value) && value > 0)) return
  throw new MobileNetV2Error('OPTION', 'A mean or a deviation is not allowed.', {
    where: 'mean and deviation of the preprocessing',
    expected: 'finite numbers, each deviation above 0',
    got: `mean ${mean.join(', ')}; deviation ${deviation.join(', ')}`,
  })
}

/**
 * Normalises a picture: (level / 255 - mean) / deviation for each channel.
 * @param levels `[height, width, 3]`, 0 to 255
 * @returns float32 of the same shape
 * @throws MobileNetV2Error `OPTION` if a mean or a deviation is not finite, or a deviation is not above 0
 * @example
 * ```ts
 * import { normalise } from '@mobilenetv2/image'
 *
 * const levels = Uint8Array.of(0, 255, 51)
 * normalise(levels, { mean: [0.5, 0.5, 0], deviation: [0.5, 0.5, 0.4] }) // => Float32Array(3) [ -1, 1, 0.5 ]
 * ```
 */
export function normalise(levels: Uint8Array | Uint8ClampedArray, recipe: Normalisation): UnsharedFloats {
  checkNormalisation(recipe)
  const table = new Float32Array(3 * 256)
  for (let channel = 0; channel < 3; channel++) {
    for (let level = 0; level < 256; level++) {
      table[channel * 256 + level] = (level / 255 - recipe.mean[channel]!) / recipe.deviation[channel]!
    }
  }
  const values = new Float32Array(levels.length)
  for (let i = 0; i < levels.length; i += 3) {
    values[i] = table[levels[i]!]!
    values[i + 1] = table[256 + levels[i + 1]!]!
    values[i + 2] = table[512 + levels[i + 2]!]!
  }
  return values
}

/**
 * Normalises values from 0 to 1, `[height, width, 3]`, in place: (value - mean) / deviation for each channel. Throws as `normalise` does.
 */
export function normaliseUnit(values: UnsharedFloats, recipe: Normalisation): UnsharedFloats {
  checkNormalisation(recipe)
  for (let i = 0; i < values.length; i++) values[i] = (values[i]! - recipe.mean[i % 3]!) / recipe.deviation[i % 3]!
  return values
}
