import type { Level } from '../codegen/simd-level.js'

/** What decides how fast the kernels are, and not what they compute: each engine and processor has values of its own that suit it best. */
export interface Tuning {
  /** Pixels of a tile of a product, each with 8 sums. Too few leave the processor waiting for sums; too many spill registers. In integers at most 5 (8 bits) or 4 (16 bits). */
  readonly tilePixels: number
  /** Pixels of a tile with 16 sums each, where the output channels are a multiple of 16; 0 if there is no such tile, as in integers. */
  readonly doubleTilePixels: number
  /** Channels that a depthwise convolution does at once: one vector, or two that the engine may join to one of 256 bits. In integers always 8 (8 bits) or 4 (16 bits). */
  readonly depthwiseChannels: 4 | 8
  /**
   * From this width of a map on, kernels go row by row: the rows stay in the cache, and the weights, which are read anew for each row,
   * are few. Narrower maps hold the weights of a tile's channels in the cache while all pixels pass.
   */
  readonly narrowestRows: number
  /** Expanded rows that a strip makes anew. More take more memory. */
  readonly rowsMadeByStrip: number
}

/** A compiler of WebAssembly. */
export type Engine = 'V8' | 'SpiderMonkey' | 'JavaScriptCore'

const usual = { doubleTilePixels: 0, depthwiseChannels: 4, narrowestRows: 28, rowsMadeByStrip: 2 } as const

/** The tunings of which one is the fastest in each engine that was tried, those with the most registers first. */
export const tunings: readonly Tuning[] = [
  // 12 sums of 256 bits; a tile of 16 channels reads fewer pixels for them. With 128 bits it spills, except where there are 32 registers.
  { ...usual, tilePixels: 12, doubleTilePixels: 6, depthwiseChannels: 8 },
  { ...usual, tilePixels: 6 },
  { ...usual, tilePixels: 4 },
  { ...usual, tilePixels: 2 },
]

/**
 * Pixels of a tile that suit an engine on x64, as measured. V8 has 15 vector registers: 6 x 8 sums, two vectors of weights and one of a
 * pixel. 12 sums to add to in turn keep a processor busy that has two adders of 4 cycles; 8 just would. A product that is rounded needs
 * a register of its own. The other engines spill earlier.
 */
const usualPixels: Readonly<Record<Engine, Readonly<Record<Level, number>>>> = {
  V8: { 'relaxed-simd': 6, simd: 4 },
  SpiderMonkey: { 'relaxed-simd': 4, simd: 4 },
  JavaScriptCore: { 'relaxed-simd': 2, simd: 2 },
}

/** A good guess for an engine that was not measured. */
export function usualTuning(level: Level, engine: Engine = 'V8'): Tuning {
  return { ...usual, tilePixels: usualPixels[engine][level] }
}

/** How long each tuning took, and whether the optimised code of the first one computes what the engine's first, plain code did. */
export interface Trial {
  /** The least milliseconds of each, in the order of `tunings`; null if the clock is too coarse. */
  readonly times: readonly number[] | null
  readonly isExact: boolean
}

/**
 * What another tuning must gain, as a fraction of the time, to be taken in place of the usual one. A whole network gains more than the
 * small one of the trial: 256 bits in Chromium on an AMD EPYC 20 % and 5 to 20 %.
 */
const leastGain = 0.04

/** The fastest tuning; the usual one if none is much faster. */
export function fastestTuning(usual: Tuning, { times }: Trial): Tuning {
  if (times === null) return usual
  const fastest = times.indexOf(Math.min(...times))
  const usualTime = times[tunings.findIndex(({ tilePixels }) => tilePixels === usual.tilePixels)]!
  return times[fastest]! < (1 - leastGain) * usualTime ? tunings[fastest]! : usual
}
