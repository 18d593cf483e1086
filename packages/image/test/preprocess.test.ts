import type { Preprocessing } from '@mobilenetv2/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crop } from '../src/crop.js'
import { normalise } from '../src/normalise.js'
import type { Picture } from '../src/picture.js'
import { pictureRoute } from '../src/picture-route.js'
import { preprocess } from '../src/preprocess.js'
import { resize } from '../src/resize.js'
import { constant, synthetic } from './synthetic.js'

const side = fc.integer({ min: 1, max: 60 })
const recipe: Preprocessing = {
  geometry: { kind: 'stretch' },
  interpolation: 'bilinear',
  mean: [0.5, 0.25, 0],
  deviation: [0.5, 0.25, 2],
}

const rounding = fc.constantFrom('torchvision' as const, 'nearest' as const)

describe('geometry', () => {
  it('rounds the longer side and the offset of the crop as the recipe says', () => {
    const picture = { width: 336, height: 500 }
    const routed = (rounding: 'torchvision' | 'nearest') =>
      pictureRoute({ ...recipe, geometry: { kind: 'shorterSide', size: 256, rounding } }, picture, { height: 225, width: 225 })
    expect(routed('torchvision')).toMatchObject({ size: { width: 256, height: 380 }, window: { left: 16, top: 78 } })
    expect(routed('nearest')).toMatchObject({ size: { width: 256, height: 381 }, window: { left: 15, top: 78 } })
  })

  it('crops at the centre, inside of the resized picture', () => {
    fc.assert(
      fc.property(side, side, side, side, fc.integer({ min: 60, max: 90 }), rounding, (w, h, height, width, size, rounding) => {
        const way = pictureRoute(
          { ...recipe, geometry: { kind: 'shorterSide', size, rounding } },
          { width: w, height: h },
          { height, width },
        )
        expect(Math.min(way.size.width, way.size.height)).toBe(size)
        expect(way.window).toMatchObject({ height, width })
        for (const [offset, inner, outer] of [
          [way.window.left, width, way.size.width],
          [way.window.top, height, way.size.height],
        ] as const) {
          expect(offset).toBeGreaterThanOrEqual(0)
          expect(Math.abs(offset - (outer - inner - offset))).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('computes only the window, with the values of the whole', () => {
    const picture = synthetic('noise', 70, 41)
    const levels = { ...recipe, mean: [0, 0, 0], deviation: [1 / 255, 1 / 255, 1 / 255] } as const
    const values = preprocess(
      picture,
      { ...levels, geometry: { kind: 'shorterSide', size: 24, rounding: 'torchvision' } },
      { height: 20, width: 18 },
    )
    const whole = resize(picture, { width: Math.floor((24 * 70) / 41), height: 24, interpolation: 'bilinear' })
    const window = crop(whole, { left: 11, top: 2, width: 18, height: 20 })
    expect(Array.from(values, Math.round)).toEqual(Array.from(window.data))
  })

  it('takes the memory of the window only, whatever the shape of the picture', () => {
    const values = preprocess(
      constant(1, 60_000, [10, 20, 30]),
      { ...recipe, geometry: { kind: 'shorterSide', size: 256, rounding: 'torchvision' } },
      { height: 224, width: 224 },
    )
    expect(values.length).toBe(224 * 224 * 3)
  })

  it('refuses a recipe that cannot be applied, and names the part that is wrong', () => {
    const apply = (change: Partial<Preprocessing>) => () =>
      preprocess(synthetic('noise', 9, 7), { ...recipe, ...change }, { height: 8, width: 8 })
    expect(apply({ geometry: { kind: 'shorterSide', size: 7, rounding: 'torchvision' } })).toThrow(
      /geometry\.size[\s\S]*at least 8[\s\S]*got: 7/,
    )
    expect(apply({ geometry: { kind: 'shorterSide', size: 8.5, rounding: 'torchvision' } })).toThrow('got: 8.5')
    expect(apply({ geometry: { kind: 'centralFraction', fraction: 0 } })).toThrow('geometry.fraction')
    expect(apply({ deviation: [1, 0, 1] })).toThrow('deviation 1, 0, 1')
    expect(apply({ mean: [Number.NaN, 0, 1] })).toThrow('mean NaN')
  })
})

describe('preprocess', () => {
  it('normalises each channel by its own mean and deviation: red, green, blue in the innermost dimension', () => {
    const values = preprocess(constant(5, 4, [0, 51, 255]), recipe, { height: 2, width: 1 })
    expect(Array.from(values)).toEqual([-1, expect.closeTo(-0.2), 0.5, -1, expect.closeTo(-0.2), 0.5])
    expect(Array.from(normalise(Uint8Array.of(0, 51, 255), recipe))).toEqual(Array.from(values.subarray(0, 3)))
  })

  it('stays in range', () => {
    const interpolation = fc.constantFrom('bilinear' as const, 'bicubic' as const, 'bilinearAlignCorners' as const)
    fc.assert(
      fc.property(side, side, side, side, interpolation, (w, h, height, width, how) => {
        const plain = { ...recipe, interpolation: how, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] } as const
        const values = preprocess(synthetic('steps', w, h), plain, { height, width })
        expect(values.length).toBe(height * width * 3)
        expect(values.every((value) => value >= -1 && value <= 1)).toBe(true)
      }),
    )
  })

  it('refuses a picture of no size, of too many pixels, of wrong channels or with data of the wrong length', () => {
    const run = (picture: Picture) => () => preprocess(picture, recipe, { height: 8, width: 8 })
    const picture = synthetic('noise', 3, 2)
    expect(run({ ...picture, width: 0 })).toThrow(
      expect.objectContaining({ code: 'IMAGE', message: expect.stringContaining('0 x 2') }),
    )
    expect(run({ ...picture, width: 1.5 })).toThrow('1.5 x 2')
    expect(run({ ...picture, width: 10_000, height: 10_000 })).toThrow(/too large[\s\S]*10000 x 10000/)
    expect(run({ ...picture, channels: 1 as never })).toThrow(/channels[\s\S]*got: 1/)
    expect(run({ ...picture, height: 3 })).toThrow(/3 x 3 x 3 = 27 bytes[\s\S]*18 bytes/)
    expect(() => preprocess(picture, recipe, { height: 0, width: 8 })).toThrow("model's input")
  })
})
