import { defineMobileNetV2, isWeighted } from '@mobilenetv2/spec'
import { seededParameters, seededValues } from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { activationFor, bestRange } from '../src/quantize/activation-range.js'
import { createHistogram } from '../src/quantize/histogram.js'
import { inputActivation } from '../src/quantize/input-activation.js'
import { probeOf } from '../src/quantize/probe.js'
import { correctBias, dequantized, quantizeWeights } from '../src/quantize/quantize-weights.js'
import { alike, unlike } from './support/calibration.js'
import { smallest } from './support/small-options.js'

/** The cost of rounding each value to the 256 integers of a range, one value after the other. */
function plainCost(values: readonly number[], least: number, most: number): number {
  const step = (most - least) / 255
  return values.reduce((sum, value) => {
    if (value === 0) return sum
    if (value < least || value > most) return sum + (value - (value < least ? least : most)) ** 2
    return sum + (step * step) / 12
  }, 0)
}

describe('histogram', () => {
  it('costs what its values cost, to within its bins, however far they reach', () => {
    for (const scale of [0.5, 7, 300]) {
      const values = [...seededValues('values', 5000, -scale, 2 * scale), 0, 0, 0]
      const histogram = createHistogram()
      for (const value of values) histogram.add(value)
      expect(histogram.bounds()).toEqual([Math.min(...values), Math.max(...values)])
      expect(histogram.count).toBe(5000)
      for (const [least, most] of [
        [-scale, 2 * scale],
        [-scale / 2, scale],
        [0, scale / 3],
      ] as const) {
        const expected = plainCost(values, least, most)
        expect(Math.abs(histogram.costOf([least, most]) - expected)).toBeLessThan(0.05 * expected + 1e-9)
      }
    }
  })

  it('leaves out what is not finite', () => {
    const histogram = createHistogram()
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) histogram.add(value)
    expect([histogram.bounds(), histogram.count]).toEqual([[0, 0], 0])
  })
})

describe('the range of an activation', () => {
  it('cuts off a value that stands alone, and nothing of values that lie evenly', () => {
    const even = createHistogram()
    const alone = createHistogram()
    for (const value of seededValues('values', 300_000, -1, 1)) {
      even.add(value)
      alone.add(value)
    }
    alone.add(2)
    const [least, most] = bestRange(even)
    expect([least < -0.98, most > 0.98]).toEqual([true, true])
    const [, high] = bestRange(alone)
    expect(high).toBeGreaterThan(0.99)
    expect(high).toBeLessThan(1.5)
  })

  it('has an integer for zero, and float32 for a scale', () => {
    for (const range of [
      [-1, 2],
      [0, 6],
      [-0.3, 0],
      [0, 0],
    ] as const) {
      const { scale, zeroPoint, least, most } = activationFor(range, 0)
      expect(Math.fround(scale)).toBe(scale)
      expect(scale).toBeGreaterThan(0)
      expect([least, most]).toEqual([-128 - zeroPoint, 127 - zeroPoint])
      expect(least * scale).toBeLessThanOrEqual(range[0] + 0.51 * scale)
      expect(most * scale).toBeGreaterThanOrEqual(range[1] - 0.51 * scale)
    }
    expect(activationFor([0, 6], 0.5).scale).toBe(0.5)
  })
})

describe('the input', () => {
  it('is levels less 128 where the channels are normalised alike', () => {
    const { integers } = inputActivation(alike)
    for (const level of [0, 1, 127, 128, 254, 255]) {
      const value = Math.fround((level / 255 - 0.5) / 0.5)
      expect(Math.round(value * integers.factor[0]! + integers.offset[0]!)).toBe(level - 128)
    }
  })

  it('is floats where they are not, in a range that holds every level', () => {
    const { integers } = inputActivation(unlike)
    expect(integers.offset).toEqual([0, 0, 0])
    expect(integers.least * integers.scale).toBeCloseTo((0 - 0.485) / 0.229, 1)
    expect(integers.most * integers.scale).toBeCloseTo((1 - 0.406) / 0.225, 1)
  })
})

describe('kernel and bias', () => {
  const [layer] = defineMobileNetV2(smallest).layers.filter(isWeighted)
  const parameters = seededParameters(defineMobileNetV2(smallest)).get('stem')!
  const input = Math.fround(0.01)

  it('are rounded with a scale for each channel', () => {
    const weights = quantizeWeights(layer!, parameters, input)
    expect(Math.max(...weights.kernel)).toBe(127)
    expect(Math.min(...weights.kernel)).toBeGreaterThanOrEqual(-127)
    const { kernel, bias } = dequantized(weights, input)
    kernel.forEach((weight, at) => {
      expect(Math.abs(weight - parameters.kernel[at]!)).toBeLessThanOrEqual(0.501 * weights.scales[at % 8]!)
    })
    bias.forEach((value, channel) => {
      expect(Math.abs(value - parameters.bias[channel]!)).toBeLessThanOrEqual(0.501 * input * weights.scales[channel]!)
    })
  })

  it('fit 32 bits where a channel has tiny weights, or none', () => {
    const kernel = parameters.kernel.map((weight, at) => (at % 8 === 0 ? 0 : at % 8 === 1 ? weight * 1e-20 : weight))
    const weights = quantizeWeights(layer!, { kernel, bias: new Float32Array(8).fill(3) }, input)
    expect(Math.max(...weights.bias)).toBeLessThanOrEqual(2 ** 30)
    const { bias } = dequantized(weights, input)
    for (const value of bias) expect(value).toBeCloseTo(3, 4)
  })

  it('lose their mean error', () => {
    const weights = quantizeWeights(layer!, parameters, input)
    const errors = Float64Array.from(weights.scales, (scale) => 1000 * input * scale)
    const corrected = correctBias(weights, input, errors)
    expect([...corrected.bias]).toEqual([...weights.bias].map((value) => value - 1000))
  })

  it('must be finite', () => {
    const bias = parameters.bias.with(2, Number.NaN)
    expect(() => quantizeWeights(layer!, { ...parameters, bias }, input)).toThrow('not a finite number')
  })
})

describe('the probe of mean errors', () => {
  const [layer] = defineMobileNetV2(smallest).layers.filter(isWeighted)
  const input = Math.fround(0.01)
  const weights = quantizeWeights(layer!, seededParameters(defineMobileNetV2(smallest)).get('stem')!, input)

  it('counts each channel in steps of its own, however little its values differ', () => {
    const means = Float64Array.from([0, 1, -2, 3, 0.1, 0, 5, -0.5])
    const reach = Float64Array.from([6, 1, 0.1, 0.001, 0, 2, 3, 0.5])
    const probe = probeOf(weights, input, { means, reach })
    const errors = probe.errors(new Float64Array(8))
    for (const [channel, error] of errors.entries()) {
      // No integer can correct an error of half of a sum of 1.
      expect(Math.abs(error)).toBeLessThanOrEqual(0.51 * input * weights.scales[channel]!)
      const step = probe.errors(new Float64Array(8).fill(1))[channel]! - error
      expect(step).toBeCloseTo(Math.max(1.25 * reach[channel]!, 6 / 64) / 127, 6)
      expect(probe.layer.multipliers[channel]! * step).toBeCloseTo(input * weights.scales[channel]!, 8)
    }
  })

  it('has steps where nothing varies', () => {
    const { layer: probed } = probeOf(weights, input, { means: new Float64Array(8), reach: new Float64Array(8) })
    expect([...probed.multipliers]).toEqual(Array(8).fill(1))
  })
})
