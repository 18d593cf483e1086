import type { BottleneckRow, MobileNetV2Options } from '@mobilenetv2/spec'
import fc from 'fast-check'

/** A row of the paper's table. Expansion factor 1 has no expansion layer, and 1.5 gives odd numbers of channels. */
const row: fc.Arbitrary<BottleneckRow> = fc.tuple(
  fc.constantFrom(1, 1.5, 2, 3, 6),
  fc.integer({ min: 1, max: 36 }),
  fc.integer({ min: 1, max: 3 }),
  fc.constantFrom(1, 2),
)

/** The options of a small network with a random table, channels, size and padding, and a batch for it. */
export const randomNetwork: fc.Arbitrary<{ options: MobileNetV2Options; batch: number }> = fc
  .record({
    table: fc.array(row, { minLength: 1, maxLength: 4 }),
    widthMultiplier: fc.constantFrom(0.35, 0.5, 1, 1.4),
    channelDivisor: fc.constantFrom(1, 2, 3, 4, 8),
    padding: fc.constantFrom('symmetric' as const, 'same' as const),
    bottleneckActivation: fc.constantFrom('linear' as const, 'relu6' as const),
    residual: fc.constantFrom('bottleneck' as const, 'expansion' as const, 'none' as const),
    stemChannels: fc.integer({ min: 1, max: 40 }),
    headChannels: fc.integer({ min: 1, max: 80 }),
    classes: fc.integer({ min: 1, max: 40 }),
    extraHeight: fc.integer({ min: 0, max: 20 }),
    extraWidth: fc.integer({ min: 0, max: 20 }),
    batch: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ extraHeight, extraWidth, batch, ...options }) => {
    const totalStride = options.table.reduce((stride, [, , , s]) => stride * s, 2)
    return { options: { ...options, height: totalStride + extraHeight, width: totalStride + extraWidth }, batch }
  })
