import { type Architecture, type BottleneckRow, defineMobileNetV1, defineMobileNetV2 } from '@mobilenetv2/spec'
import fc from 'fast-check'

const row: fc.Arbitrary<BottleneckRow> = fc.tuple(
  fc.constantFrom(1, 1.5, 3, 6),
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 3 }),
  fc.constantFrom(1, 2),
)
const common = {
  height: fc.integer({ min: 32, max: 97 }),
  width: fc.integer({ min: 32, max: 97 }),
  classes: fc.integer({ min: 1, max: 50 }),
  padding: fc.constantFrom('symmetric' as const, 'same' as const),
}

const randomV2: fc.Arbitrary<Architecture> = fc
  .record({
    ...common,
    table: fc.array(row, { minLength: 1, maxLength: 4 }),
    channelDivisor: fc.constantFrom(1, 3, 8),
    stemChannels: fc.integer({ min: 1, max: 40 }),
    headChannels: fc.integer({ min: 1, max: 90 }),
    bottleneckActivation: fc.constantFrom('linear' as const, 'relu6' as const),
    residual: fc.constantFrom('bottleneck' as const, 'expansion' as const, 'none' as const),
  })
  .map(defineMobileNetV2)

const randomV1: fc.Arbitrary<Architecture> = fc
  .record({ ...common, widthMultiplier: fc.constantFrom(0.02, 0.1, 0.35) })
  .map(defineMobileNetV1)

/** Small networks of both families: maps on both sides of the width from which rows are fused, odd sizes, few channels. */
export const randomArchitecture: fc.Arbitrary<Architecture> = fc.oneof(
  { weight: 4, arbitrary: randomV2 },
  { weight: 1, arbitrary: randomV1 },
)
