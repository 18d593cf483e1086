import fc from 'fast-check'
import { expect, it } from 'vitest'
import { activationMemory } from '../src/activation-memory.js'
import { isWeighted, type Layer } from '../src/architecture.js'
import { totalMultiplyAdds, totalParameters } from '../src/costs.js'
import { defineMobileNetV1 } from '../src/define-mobilenet-v1.js'
import { defineMobileNetV2 } from '../src/define-mobilenet-v2.js'
import type { BottleneckRow } from '../src/options.js'

const row = fc.tuple(
  fc.integer({ min: 1, max: 8 }),
  fc.integer({ min: 1, max: 128 }),
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 1, max: 2 }),
) satisfies fc.Arbitrary<BottleneckRow>

const common = {
  widthMultiplier: fc.double({ min: 0.05, max: 2, noNaN: true }),
  height: fc.integer({ min: 256, max: 400 }),
  width: fc.integer({ min: 256, max: 400 }),
  classes: fc.integer({ min: 1, max: 2000 }),
  padding: fc.constantFrom('symmetric' as const, 'same' as const),
}

const architectures = fc.oneof(
  fc.record(common).map(defineMobileNetV1),
  fc
    .record({
      ...common,
      channelDivisor: fc.integer({ min: 1, max: 16 }),
      table: fc.array(row, { minLength: 1, maxLength: 7 }),
      residual: fc.constantFrom('bottleneck' as const, 'expansion' as const, 'none' as const),
      bottleneckActivation: fc.constantFrom('linear' as const, 'relu6' as const),
    })
    .map(defineMobileNetV2),
)

/**
 * Whether the windows fit along both axes: the last window ends within the padded input, and each side has fewer zeros than the
 * kernel has rows.
 */
function windowsFit(layer: Extract<Layer, { stride: number }>): boolean {
  const { input, output, padding, kernelSize, stride } = layer
  const fits = (size: number, before: number, after: number, windows: number) =>
    (windows - 1) * stride + kernelSize <= size + before + after && before < kernelSize && after < kernelSize
  return (
    fits(input.height, padding.top, padding.bottom, output.height) && fits(input.width, padding.left, padding.right, output.width)
  )
}

it('chains shapes, residuals and padding for any options', () => {
  fc.assert(
    fc.property(architectures, (architecture) => {
      let shape = architecture.input
      const outputs = new Map<string, Layer['output']>()
      for (const layer of architecture.layers) {
        expect(layer.input).toEqual(shape)
        if (layer.residual !== null) expect(outputs.get(layer.residual)).toEqual(layer.output)
        if (layer.kind === 'convolution' || layer.kind === 'depthwise') {
          expect(Math.min(...Object.values(layer.padding))).toBeGreaterThanOrEqual(0)
          expect(windowsFit(layer)).toBe(true)
        }
        expect(Math.min(...Object.values(layer.output))).toBeGreaterThanOrEqual(1)
        expect(outputs.has(layer.id)).toBe(false)
        outputs.set(layer.id, layer.output)
        shape = layer.output
      }
      expect(shape).toEqual({ height: 1, width: 1, channels: architecture.classes })
      expect(totalMultiplyAdds(architecture)).toBeGreaterThan(0)
      expect(totalParameters(architecture)).toBeGreaterThan(0)
    }),
    { numRuns: 200 },
  )
})

it('feeds the classifier with the output of the last convolution', () => {
  fc.assert(
    fc.property(architectures, ({ layers }) => {
      const [lastConvolution, pool, classifier] = layers.slice(-3)
      expect(pool?.input).toEqual(lastConvolution?.output)
      expect(classifier && isWeighted(classifier) && classifier.kernelShape[0]).toBe(lastConvolution?.output.channels)
    }),
    { numRuns: 100 },
  )
})

it('needs no more memory block by block than layer by layer where blocks expand', () => {
  fc.assert(
    fc.property(fc.record(common), (options) => {
      const architecture = defineMobileNetV2(options)
      const byLayer = activationMemory(architecture, 'layer')
      const byBlock = activationMemory(architecture, 'block')
      expect(byBlock.peakBytes).toBeLessThanOrEqual(byLayer.peakBytes)
      expect(byLayer.steps.flatMap(({ layers }) => layers)).toEqual(byBlock.steps.flatMap(({ layers }) => layers))
    }),
    { numRuns: 100 },
  )
})
