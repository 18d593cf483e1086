import { expect, it } from 'vitest'
import { defineMobileNetV2 } from '../src/define-mobilenet-v2.js'
import { truncateAt } from '../src/truncate.js'

it('ends with the layer that it is cut at', () => {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 96, width: 96 })
  const cut = truncateAt(architecture, 'head')
  expect(cut.layers.at(-1)).toMatchObject({ id: 'head', output: { height: 3, width: 3, channels: 1280 } })
  expect(cut.layers).toEqual(architecture.layers.slice(0, -2))
})

it('may keep the first layer alone', () => {
  expect(truncateAt(defineMobileNetV2(), 'stem').layers.map(({ id }) => id)).toEqual(['stem'])
})

it('refuses an unknown layer, and lists the layers', () => {
  expect(() => truncateAt(defineMobileNetV2(), 'block1.expand')).toThrow(
    /^The network has no such layer\.\n {2}where: layer\n {2}expected: one of stem, block1\.depthwise.*\n {2}got: block1\.expand$/,
  )
})
