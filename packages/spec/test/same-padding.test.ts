import { expect, it } from 'vitest'
import { defineMobileNetV2, type Layer } from '../src/index.js'
import { isSamePadding } from '../src/same-padding.js'

const windowed = ({ layers }: { readonly layers: readonly Layer[] }) =>
  layers.filter((layer) => layer.kind === 'convolution' || layer.kind === 'depthwise')

it('holds for every layer of the convention same, and for symmetric layers that pad alike', () => {
  expect(windowed(defineMobileNetV2({ padding: 'same' })).every(isSamePadding)).toBe(true)
  expect(windowed(defineMobileNetV2({ height: 33, width: 65 })).every(isSamePadding)).toBe(true)
  const symmetric = windowed(defineMobileNetV2())
  expect(symmetric.every((layer) => isSamePadding(layer) === (layer.stride === 1))).toBe(true)
})

it.each(['top', 'bottom', 'left', 'right'] as const)('does not hold if only the zeros at the %s are others', (side) => {
  const [stem] = windowed(defineMobileNetV2({ height: 33, width: 65, padding: 'same' }))
  const { padding } = stem!
  expect(isSamePadding({ ...stem!, padding: { ...padding, [side]: padding[side] + 1 } })).toBe(false)
})
