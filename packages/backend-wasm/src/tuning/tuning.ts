import type { Level } from '../codegen/simd-level.js'

/**
 * Sizes of the kernels' tiles. They change the speed of kernels and not their results. Engines and processors differ in what suits them.
 */
export interface Tuning {
  /**
   * The pixels in a tile of a product, each with 8 sums: 1 to 14. With too few the processor waits for sums; with too many it spills
   * registers. In integers at most 5 are used in 8 bits, and 4 in 16 bits, or 6 if `depthwiseChannels` is 8.
   */
  readonly tilePixels: number
  /**
   * The pixels in a tile with 16 sums for each, which is used if the output channels are a multiple of 16: 1 to 7; or 0 for no such tile,
   * as always in integers.
   */
  readonly doubleTilePixels: number
  /**
   * The channels that a depthwise convolution computes at once: one vector, or two that the engine may join to 256 bits. In integers of 8
   * bits always 8.
   */
  readonly depthwiseChannels: 4 | 8
  /**
   * The least width of a map for which kernels go row by row, 1 to 65,536. Then the rows stay in the cache, and the weights, which are few
   * in such layers, are read again for each row. On narrower maps the weights of a tile stay in the cache while all pixels pass.
   */
  readonly narrowestRows: number
  /** How many new expanded rows a strip computes: 1 to 16. More rows take more memory. */
  readonly rowsMadeByStrip: number
}

/** An engine that compiles WebAssembly. */
export type Engine = 'V8' | 'SpiderMonkey' | 'JavaScriptCore'

const usual = { doubleTilePixels: 0, depthwiseChannels: 4, narrowestRows: 28, rowsMadeByStrip: 2 } as const

/** Tunings for the trial, largest tiles first. In each engine that was tried, one of them was the fastest. */
export const tunings: readonly Tuning[] = [
  // It has 12 sums of 256 bits; a tile of 16 channels reads fewer pixels for them. With 128 bits it spills unless there are 32 registers.
  { ...usual, tilePixels: 12, doubleTilePixels: 6, depthwiseChannels: 8 },
  { ...usual, tilePixels: 6 },
  { ...usual, tilePixels: 4 },
  { ...usual, tilePixels: 2 },
]

/**
 * The pixels of a tile that were the fastest in each engine on x64. V8 has 15 vector registers: they hold 6 x 8 sums, two vectors of
 * weights and one of a pixel. A processor with two adders of 4 cycles is busy with 8 vectors of sums; here there are 12. Without relaxed
 * SIMD the rounded product needs a register too. The other engines spill earlier.
 */
const usualPixels: Readonly<Record<Engine, Readonly<Record<Level, number>>>> = {
  V8: { 'relaxed-simd': 6, simd: 4 },
  SpiderMonkey: { 'relaxed-simd': 4, simd: 4 },
  JavaScriptCore: { 'relaxed-simd': 2, simd: 2 },
}

/** The tuning of an engine that was not measured: a guess by its name. */
export function usualTuning(level: Level, engine: Engine = 'V8'): Tuning {
  return { ...usual, tilePixels: usualPixels[engine][level] }
}

/** The times of the tunings, and whether the optimised code of the first tuning gives the same bits as the unoptimised code. */
export interface Trial {
  /** The least milliseconds of each tuning, in the order of `tunings`; null if the clock is too coarse. */
  readonly times: readonly number[] | null
  readonly isExact: boolean
}

/**
 * The fraction of the time that another tuning must save to be taken in place of the usual one. A whole network saves more than the small
 * one of the trial: with 256 bits in Chromium on an AMD EPYC it saves 20 %, and the small one 5 to 20 %.
 */
const leastGain = 0.04

/** The fastest tuning; the usual one if none is much faster. */
export function fastestTuning(usual: Tuning, { times }: Trial): Tuning {
  if (times === null) return usual
  const fastest = times.indexOf(Math.min(...times))
  const usualTime = times[tunings.findIndex(({ tilePixels }) => tilePixels === usual.tilePixels)]!
  return times[fastest]! < (1 - leastGain) * usualTime ? tunings[fastest]! : usual
}
