import { expect, it } from 'vitest'
import { rowsOf } from '../src/rows.js'

it('lays every level of every alpha on a colour, rounded to the nearest level', () => {
  const data = Uint8Array.from({ length: 256 * 256 * 4 }, (_, i) => (i % 4 === 3 ? i >> 10 : (i >> 2) & 255))
  const background = [255, 0, 77] as const
  const { data: laid, channels } = rowsOf({ data, width: 256, height: 256, channels: 4 }, 'picture', background).read(0, 256)
  expect(channels).toBe(3)
  const expected = laid.map((_, i) => {
    const [level, alpha] = [(i / 3) & 255, Math.floor(i / 768)]
    return Math.round((level * alpha + background[i % 3]! * (255 - alpha)) / 255)
  })
  expect(laid).toEqual(expected)
})
