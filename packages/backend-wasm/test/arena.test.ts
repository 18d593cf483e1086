import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Buffer, placeBuffers } from '../src/plan/arena.js'

const buffer: fc.Arbitrary<Buffer> = fc
  .record({
    bytes: fc.integer({ min: 1, max: 10_000 }),
    firstCall: fc.integer({ min: 0, max: 30 }),
    calls: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ bytes, firstCall, calls }) => ({ bytes, firstCall, lastCall: firstCall + calls - 1 }))

const liveTogether = (a: Buffer, b: Buffer): boolean => a.firstCall <= b.lastCall && b.firstCall <= a.lastCall

describe('placeBuffers', () => {
  it('lets no two buffers overlap that live at the same call', () => {
    fc.assert(
      fc.property(fc.array(buffer, { maxLength: 40 }), (buffers) => {
        const { offsets, bytes } = placeBuffers(buffers)
        buffers.forEach((one, i) => {
          expect(offsets[i]! % 64).toBe(0)
          expect(offsets[i]! + one.bytes).toBeLessThanOrEqual(bytes)
          buffers.slice(i + 1).forEach((other, rest) => {
            const j = i + 1 + rest
            const apart = offsets[i]! + one.bytes <= offsets[j]! || offsets[j]! + other.bytes <= offsets[i]!
            expect(apart || !liveTogether(one, other)).toBe(true)
          })
        })
      }),
    )
  })

  it('takes no more than the largest two neighbours where each buffer lives for two calls', () => {
    const sizes = [640, 1024, 128, 256, 64, 960, 64]
    const buffers = sizes.map((bytes, call) => ({ bytes, firstCall: call, lastCall: call + 1 }))
    expect(placeBuffers(buffers).bytes).toBe(640 + 1024)
  })
})
