import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resize } from '../src/resize.js'
import { constant, synthetic, withAlpha } from './synthetic.js'

const side = fc.integer({ min: 1, max: 60 })
const filter = fc.constantFrom('bilinear' as const, 'bicubic' as const)
describe('resize', () => {
  it('leaves a constant picture constant', () => {
    fc.assert(
      fc.property(side, side, side, side, filter, fc.integer({ min: 0, max: 255 }), (w, h, width, height, interpolation, level) => {
        const resized = resize(constant(w, h, [level, 255 - level, 0]), { width, height, interpolation })
        expect(resized).toEqual({ ...constant(width, height, [level, 255 - level, 0]), data: expect.anything() })
        expect(Array.from(resized.data)).toEqual(Array.from(constant(width, height, [level, 255 - level, 0]).data))
      }),
    )
  })

  it('at the same size changes nothing', () => {
    fc.assert(
      fc.property(side, side, filter, (width, height, interpolation) => {
        const picture = synthetic('noise', width, height)
        expect(Array.from(resize(picture, { width, height, interpolation }).data)).toEqual(Array.from(picture.data))
      }),
    )
  })

  it('lays a transparent picture on white', () => {
    const picture = synthetic('noise', 19, 11)
    const options = { width: 8, height: 9, interpolation: 'bicubic' as const }
    const data = picture.data.map((level) => Math.round((7 * level + 248 * 255) / 255))
    expect(resize(withAlpha(picture), options)).toEqual(resize({ ...picture, data }, options))
  })

  it('refuses an option that does not exist', () => {
    const options = { width: 2, height: 2, interpolation: 'bilinear', fit: 'cover' } as const
    expect(() => resize(synthetic('noise', 3, 3), options)).toThrow(
      expect.objectContaining({ code: 'OPTION', message: expect.stringContaining('There is no option fit.') }),
    )
  })
})
