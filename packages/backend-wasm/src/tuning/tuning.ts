import type { SimdLevel } from '../codegen/simd-level.js'

/** What decides how fast the kernels are, and not what they compute: each engine and processor has values of its own that suit it best. */
export interface Tuning {
  /** Pixels of a tile of a product, each with 8 sums. Too few leave the processor waiting for sums; too many spill registers. */
  readonly tilePixels: number
  /** Channels that a depthwise convolution does at once: one vector, or two that the engine may join to one of 256 bits. */
  readonly depthwiseChannels: 4 | 8
  /**
   * From this width of a map on, kernels go row by row: the rows stay in the cache, and the weights, which are read anew for each row,
   * are few. Narrower maps hold the weights of 8 channels in the cache while all pixels pass.
   */
  readonly narrowestRows: number
  /** Expanded rows that a strip makes anew. More take more memory. */
  readonly rowsMadeByStrip: number
}

/**
 * V8 has 15 vector registers on x64: 6 x 8 sums, two vectors of weights and one of a pixel. 12 sums to add to in turn keep a processor
 * busy that has two adders of 4 cycles; 8 just would. A product that is rounded needs a register of its own, with which more than
 * 4 x 8 sums spill.
 */
export function usualTuning(level: SimdLevel): Tuning {
  return { tilePixels: level === 'relaxed-simd' ? 6 : 4, depthwiseChannels: 4, narrowestRows: 28, rowsMadeByStrip: 2 }
}
