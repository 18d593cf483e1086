import { describe, expect, it } from 'vitest'
import { totalMultiplyAdds, totalParameters } from '../src/costs.js'
import { defineMobileNetV1 } from '../src/define-mobilenet-v1.js'
import { defineMobileNetV2 } from '../src/define-mobilenet-v2.js'

// TF-slim's published table (research/slim/nets/mobilenet/README.md): width multiplier, parameters in millions, and millions of
// multiply-adds at each input size.
const published = [
  { widthMultiplier: 1.4, parameters: 6.06, multiplyAdds: { 224: 582 } },
  { widthMultiplier: 1.3, parameters: 5.34, multiplyAdds: { 224: 509 } },
  { widthMultiplier: 1.0, parameters: 3.47, multiplyAdds: { 224: 300, 192: 221, 160: 154, 128: 99, 96: 56 } },
  { widthMultiplier: 0.75, parameters: 2.61, multiplyAdds: { 224: 209, 192: 153, 160: 107, 128: 69, 96: 39 } },
  { widthMultiplier: 0.5, parameters: 1.95, multiplyAdds: { 224: 97, 192: 71, 160: 50, 128: 32, 96: 18 } },
  { widthMultiplier: 0.35, parameters: 1.66, multiplyAdds: { 224: 59, 192: 43, 160: 30, 128: 20, 96: 11 } },
]

describe.each(published)('MobileNetV2 at width $widthMultiplier', ({ widthMultiplier, parameters, multiplyAdds }) => {
  it(`has ${parameters} M parameters, within 1.5 %`, () => {
    const counted = totalParameters(defineMobileNetV2({ widthMultiplier })) / 1e6
    expect(Math.abs(counted / parameters - 1)).toBeLessThan(0.015)
  })

  it.each(Object.entries(multiplyAdds))('takes at size %s the published %s M multiply-adds, within 1 M', (size, millions) => {
    const architecture = defineMobileNetV2({ widthMultiplier, height: Number(size), width: Number(size) })
    expect(Math.abs(totalMultiplyAdds(architecture) / 1e6 - millions)).toBeLessThan(1)
  })
})

describe("the paper's figures", () => {
  it('are 300 M multiply-adds at width 1.0 (Table 4); its 3.4 M parameters are 3.5 M in every released model', () => {
    expect(totalParameters(defineMobileNetV2())).toBe(3_504_872)
    expect(totalMultiplyAdds(defineMobileNetV2())).toBe(300_774_272)
  })

  it('are 585 M multiply-adds at width 1.4 (Table 4), within 1 %; its 6.9 M parameters are 6.1 M in every released model', () => {
    const architecture = defineMobileNetV2({ widthMultiplier: 1.4 })
    expect(Math.abs(totalMultiplyAdds(architecture) / 585e6 - 1)).toBeLessThan(0.01)
    expect(totalParameters(architecture)).toBe(6_108_776)
  })

  it('are 4.2 M parameters and 569 M multiply-adds for MobileNetV1 (Table 4 of arXiv 1704.04861)', () => {
    expect(totalParameters(defineMobileNetV1()) / 1e6).toBeCloseTo(4.2, 1)
    expect(Math.round(totalMultiplyAdds(defineMobileNetV1()) / 1e6)).toBe(569)
  })

  it('are 2.6, 1.3 and 0.5 M parameters for MobileNetV1 at widths 0.75, 0.5 and 0.25 (Table 6 there)', () => {
    const millions = [0.75, 0.5, 0.25].map((widthMultiplier) => totalParameters(defineMobileNetV1({ widthMultiplier })) / 1e6)
    expect(millions.map((value) => value.toFixed(1))).toEqual(['2.6', '1.3', '0.5'])
  })
})
