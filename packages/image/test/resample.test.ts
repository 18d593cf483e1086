import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Filter, filterTaps, lowBits, recordHeader, type Taps, tapsAtOnce, weightBits, weightsBytes } from '../src/filter.js'
import { maxSide, type Picture } from '../src/picture.js'
import { resample } from '../src/resample.js'
import { resize } from '../src/resize.js'
import { opaqueRows } from '../src/rows.js'
import { takeAll } from '../src/steps.js'
import { synthetic } from './synthetic.js'

/** The weights of each output pixel, out of the records. */
function weightsOf({ count, lengths, records, recordBytes }: Taps): number[][] {
  const view = new DataView(records.buffer)
  return Array.from({ length: count }, (_, index) =>
    Array.from({ length: lengths[index]! }, (_, tap) => {
      const group = index * recordBytes + recordHeader + Math.floor(tap / tapsAtOnce) * weightsBytes
      const at = group + 2 * (tap % tapsAtOnce)
      return view.getInt16(at, true) * 2 ** lowBits + view.getInt16(at + 2 * tapsAtOnce, true)
    }),
  )
}

/** One axis by its definition: a function of an output pixel and the input's levels, which are weighted, rounded and clipped. */
function axis(taps: Taps): (index: number, levelAt: (pixel: number) => number) => number {
  const weights = weightsOf(taps)
  return (index, levelAt) => {
    let sum = 2 ** (weightBits - 1)
    for (const [tap, weight] of weights[index]!.entries()) sum += levelAt(taps.starts[index]! + tap) * weight
    return Math.min(255, Math.max(0, Math.floor(sum / 2 ** weightBits)))
  }
}

/** `resize` in plain loops. */
function resizePlainly({ data, width, height, channels }: Picture, to: { width: number; height: number }, filter: Filter) {
  const across = axis(filterTaps(filter, width, 0, width, to.width, 0, to.width))
  const down = axis(filterTaps(filter, height, 0, height, to.height, 0, to.height))
  const rows: number[] = []
  for (let y = 0; y < height; y++)
    for (let x = 0; x < to.width; x++)
      for (let channel = 0; channel < 3; channel++) rows.push(across(x, (pixel) => data[(y * width + pixel) * channels + channel]!))
  return Uint8ClampedArray.from({ length: to.height * to.width * 3 }, (_, i) => {
    const inRow = i % (to.width * 3)
    return down(Math.floor(i / (to.width * 3)), (row) => rows[row * to.width * 3 + inRow]!)
  })
}

/** The picture as RGBA, whose alpha has no effect on the kernels. */
function asRgba({ data, width, height }: Picture): Picture {
  const rgba = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) =>
    i % 4 === 3 ? 99 : data[Math.floor(i / 4) * 3 + (i % 4)]!,
  )
  return { data: rgba, width, height, channels: 4 }
}

const filter = fc.constantFrom('bilinear' as const, 'bicubic' as const)
const side = fc.integer({ min: 1, max: 40 })

describe('the resize kernels', () => {
  it('give what plain loops give', () => {
    fc.assert(
      fc.property(side, side, side, side, filter, fc.boolean(), (w, h, width, height, interpolation, alpha) => {
        const picture = synthetic('noise', w, h)
        const whole = { left: 0, top: 0 }
        const rows = opaqueRows(alpha ? asRgba(picture) : picture)
        const data = takeAll(
          resample(rows, { ...whole, width: w, height: h }, { width, height }, { ...whole, width, height }, interpolation),
        )
        expect(data).toEqual(resizePlainly(picture, { width, height }, interpolation))
      }),
    )
  })

  it.each([
    ['a row of the longest, to as many', { width: maxSide, height: 1 }, { width: maxSide, height: 1 }],
    ['a row of the longest, to one', { width: maxSide, height: 1 }, { width: 1, height: 1 }],
    ['a row of the longest, to most of it', { width: maxSide, height: 1 }, { width: maxSide - 1000, height: 1 }],
    ['a column of the longest, to one', { width: 30, height: maxSide }, { width: 30, height: 1 }],
    ['a column of the longest, to as many', { width: 1, height: maxSide }, { width: 1, height: maxSide }],
    ['one pixel, to the longest row', { width: 1, height: 1 }, { width: maxSide, height: 2 }],
  ])('have room for %s', (_, from, to) => {
    const picture = synthetic('noise', from.width, from.height)
    const { data } = resize(picture, { ...to, interpolation: 'bicubic' })
    const plain = resizePlainly(picture, to, 'bicubic')
    expect(data.every((level, index) => level === plain[index])).toBe(true)
  })
})
