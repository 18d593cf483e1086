import { describe, expect, it } from 'vitest'
import { crop } from '../src/crop.js'
import { synthetic, withAlpha } from './synthetic.js'

describe('crop', () => {
  it('takes the pixels of the box, with their channels', () => {
    const picture = withAlpha(synthetic('noise', 9, 7))
    const part = crop(picture, { left: 2, top: 3, width: 4, height: 2 })
    expect([part.width, part.height, part.channels, part.data.length]).toEqual([4, 2, 4, 32])
    expect(Array.from(part.data.subarray(16, 32))).toEqual(Array.from(picture.data.subarray((4 * 9 + 2) * 4, (4 * 9 + 6) * 4)))
  })

  it('refuses a box that is not whole or not inside', () => {
    const picture = synthetic('noise', 9, 7)
    expect(() => crop(picture, { left: 0.5, top: 0, width: 2, height: 2 })).toThrow('whole pixels')
    expect(() => crop(picture, { left: 0, top: 0, width: 10, height: 2 })).toThrow(/not inside[\s\S]*9 x 7/)
    expect(() => crop(picture, { left: Number.NaN, top: 0, width: 1, height: 2 })).toThrow('not inside')
  })
})
