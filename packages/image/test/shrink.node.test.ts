import type { Preprocessing } from '@mobilenetv2/spec'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decode } from '../src/decode.js'
import type { Picture } from '../src/picture.js'
import { pictureRoute } from '../src/picture-route.js'
import { resize } from '../src/resize.js'
import { shrunkSide } from '../src/shrink.js'

const input = { width: 224, height: 224 }

const recipe = (geometry: Preprocessing['geometry'], interpolation: Preprocessing['interpolation'] = 'bilinear') => ({
  preprocessing: { geometry, interpolation, mean: [0, 0, 0], deviation: [1, 1, 1] } as const,
  input,
})
const shorterSide = recipe({ kind: 'shorterSide', size: 256, rounding: 'torchvision' })
const targets = [shorterSide, recipe({ kind: 'stretch' }), recipe({ kind: 'centralFraction', fraction: 0.875 })]

describe('shrunkSide', () => {
  it.each([
    [{ width: 4000, height: 3000 }, 256],
    [{ width: 3000, height: 4001 }, 256],
    [{ width: 512, height: 700 }, 256],
    [{ width: 511, height: 700 }, null],
  ])('of %j is %j', (size, side) => {
    expect(shrunkSide(size, shorterSide)).toBe(side)
  })

  it('leaves as many pixels as the preprocessing makes of the picture', () => {
    const length = fc.integer({ min: 224, max: 9000 })
    fc.assert(
      fc.property(length, length, fc.constantFrom(...targets), (width, height, target) => {
        const side = shrunkSide({ width, height }, target)
        if (side === null) return
        const scale = side / Math.min(width, height)
        const { box, size } = pictureRoute(target.preprocessing, { width, height }, input)
        expect(Math.ceil(box.width * scale)).toBeGreaterThanOrEqual(size.width)
        expect(Math.ceil(box.height * scale)).toBeGreaterThanOrEqual(size.height)
      }),
    )
  })

  it('is null for a filter without antialiasing', () => {
    expect(shrunkSide({ width: 4000, height: 3000 }, recipe({ kind: 'stretch' }, 'bilinearAlignCorners'))).toBeNull()
  })
})

/** Waves in one direction, and colours that change in the other. */
const wavy = ((): Picture => {
  const [width, height] = [1600, 1200]
  const data = new Uint8Array(width * height * 3)
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)]
    data.set([127 + 100 * Math.sin(x / 40), (255 * y) / height, 127 + 90 * Math.cos((x + y) / 60)], 3 * at)
  }
  return { data, width, height, channels: 3 }
})()

const encoder = () => sharp(wavy.data, { raw: { width: wavy.width, height: wavy.height, channels: 3 } })

/** The mean difference of two pictures' levels. */
function difference(one: Picture, other: Picture): number {
  expect([one.width, one.height]).toEqual([other.width, other.height])
  let sum = 0
  for (const [index, level] of one.data.entries()) sum += Math.abs(level - other.data[index]!)
  return sum / one.data.length
}

describe('a JPEG that is decoded for a recipe', () => {
  it('has the size that it is resized to, and nearly the pixels', async () => {
    const jpeg = await encoder().jpeg({ quality: 95 }).toBuffer()
    const small = await decode(jpeg, { shrinkFor: shorterSide })
    expect([small.width, small.height]).toEqual([341, 256])
    expect(difference(small, resize(await decode(jpeg), { width: 341, height: 256, interpolation: 'bilinear' }))).toBeLessThan(1)
  })

  it('is turned as its orientation says', async () => {
    const jpeg = await encoder().withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer()
    const small = await decode(jpeg, { shrinkFor: shorterSide })
    expect([small.width, small.height]).toEqual([256, 341])
    expect(difference(small, resize(await decode(jpeg), { width: 256, height: 341, interpolation: 'bilinear' }))).toBeLessThan(1)
  })

  it.each([
    ['a JPEG in four inks', () => encoder().toColourspace('cmyk').jpeg()],
    ['a PNG', () => encoder().png()],
    ['a JPEG of less than twice the size', () => encoder().resize(500, 375).jpeg()],
  ])('is whole if it is %s', async (_, file) => {
    const bytes = await file().toBuffer()
    expect(difference(await decode(bytes, { shrinkFor: shorterSide }), await decode(bytes))).toBe(0)
  })
})
