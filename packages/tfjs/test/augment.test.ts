import { seededValues } from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { randomCrop, randomFlip, type TrainingPicture } from '../src/index.js'

const picture: TrainingPicture = { height: 5, width: 4, pixels: seededValues('picture', 60, -1, 1) }

/** A variation that draws these numbers. */
function drawing(...numbers: number[]) {
  return { epoch: 0, random: () => numbers.shift()! }
}

describe('randomFlip', () => {
  it('turns a picture left to right, or leaves it', async () => {
    expect(await randomFlip(picture, drawing(0.4))).toBe(picture)
    const turned = await randomFlip(picture, drawing(0.6))
    expect([...turned.pixels.subarray(0, 3)]).toEqual([...picture.pixels.subarray(9, 12)])
    expect(await randomFlip(turned, drawing(0.6))).toEqual(picture)
  })
})

describe('randomCrop', () => {
  it('keeps the whole picture if all of it is asked for', async () => {
    expect((await randomCrop(1)(picture, drawing(0.3, 0.3, 0.3))).pixels).toEqual(picture.pixels)
  })

  it('enlarges a part: half of a ramp is a ramp half as steep, from where it is cut', async () => {
    const pixels = Float32Array.from({ length: 3 * 64 }, (_, at) => Math.floor(at / 3) % 8)
    const cut = await randomCrop(0.5)({ height: 8, width: 8, pixels }, drawing(0, 0, 0.5))
    const row = Array.from({ length: 8 }, (_, column) => cut.pixels[3 * column]!)
    expect(row).toEqual([1.75, 2.25, 2.75, 3.25, 3.75, 4.25, 4.75, 5.25])
  })

  it.each([0, -1, 1.1, NaN])('refuses a least share of %s', (least) => {
    expect(() => randomCrop(least)).toThrow(expect.objectContaining({ code: 'OPTION' }))
  })
})
