import fc from 'fast-check'
import type { Tuning } from '../../src/tuning/tuning.js'

export const randomTuning: fc.Arbitrary<Tuning> = fc.record({
  tilePixels: fc.integer({ min: 1, max: 14 }),
  doubleTilePixels: fc.integer({ min: 0, max: 7 }),
  depthwiseChannels: fc.constantFrom(4, 8),
  narrowestRows: fc.constantFrom(1, 14, 28, 1000),
  rowsMadeByStrip: fc.integer({ min: 1, max: 8 }),
})
