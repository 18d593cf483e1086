import { expectAllClose } from '@mobilenetv2/testing'
import { describe, it } from 'vitest'
import { resize } from '../src/resize.js'
import { bytesOf, golden } from './goldens.js'
import { type Pattern, synthetic } from './synthetic.js'

interface Case {
  readonly pattern: Pattern
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
  readonly interpolation: 'bilinear' | 'bicubic'
  readonly box: readonly [number, number, number, number] | null
  readonly levels: string
}

const { madeBy, cases } = golden<{ cases: readonly Case[] }>('pillow')

describe(`resize equals Pillow, level for level (${madeBy})`, () => {
  for (const { pattern, from, to, interpolation, box, levels } of cases) {
    const part = box === null ? '' : `, box ${box.join(' ')}`
    it(`${interpolation}, ${pattern} ${from.join(' x ')} to ${to.join(' x ')}${part}`, () => {
      const [left, top, width, height] = box ?? [0, 0, ...from]
      const resized = resize(synthetic(pattern, ...from), {
        width: to[0],
        height: to[1],
        interpolation,
        box: { left, top, width, height },
      })
      expectAllClose(resized.data, bytesOf(levels), { absolute: 0 })
    })
  }
})
