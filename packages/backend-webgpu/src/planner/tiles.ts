import type { Tile } from './kernel.js'

/** What a plan knows of the device it is for. */
export interface Target {
  /**
   * `hardware`: thousands of invocations run at once, and those of a workgroup may wait for each other at a barrier.
   * `software`: a fallback adapter, an emulation on a few processor cores, where barriers are the slow path and none is used.
   */
  readonly adapter: 'hardware' | 'software'
}

/**
 * Invocations that a kernel should have to keep a device busy: about what an integrated graphics processor holds at once (96
 * units of 7 threads of 8 to 16 lanes). Larger tiles read less; below this number they leave the device idle.
 */
const enoughInvocations: Readonly<Record<Target['adapter'], number>> = { hardware: 8192, software: 1 }

/** Invocations of a workgroup without barriers: two waves of the widest hardware, and far from every limit. */
const workgroupSize = 64
/** WebGPU's default limit is 256 invocations a workgroup. */
const largestWorkgroup = 256
/** Sums of 16 bytes that fit WebGPU's default limit of 16 KiB of workgroup storage. */
const mostPartialSums = 1024
/** Vectors of inputs that a split must have, so that the sums behind the barrier stay the smaller part. */
const leastInputsOfSplit = 4

const pixelTiles = [4, 2, 1]
const vectorTiles = [2, 1]
const possibleSplits = [1, 4, 16]

/** The smallest power of two that is not below `value`, at most `most`. */
function powerOfTwo(value: number, most: number): number {
  let power = 1
  while (power < value && power < most) power *= 2
  return power
}

/** A workgroup over `columns` x `rows` tiles, vectors of channels along x, so that neighbours read neighbours. */
function workgroupOver(columns: number, rows: number, splits: number): readonly [number, number, number] {
  const x = powerOfTwo(columns, rows === 1 ? Math.max(8, workgroupSize / splits) : 8)
  return [x, rows === 1 ? 1 : Math.max(1, workgroupSize / x / splits), splits]
}

/** How a kernel's work is cut up. */
export interface Grid {
  readonly tile: Tile
  readonly splits: number
  readonly workgroup: readonly [number, number, number]
  readonly groups: readonly [number, number]
}

function gridOf(tile: Tile, splits: number, columns: number, rows: number): Grid {
  const workgroup = workgroupOver(columns, rows, splits)
  return { tile, splits, workgroup, groups: [Math.ceil(columns / workgroup[0]), Math.ceil(rows / workgroup[1])] }
}

/** The grid of a matrix product `[pixels, inputs] x [inputs, outputs]`, inputs and outputs in vectors: the largest tile that suffices. */
export function productGrid(pixels: number, inputs: number, outputs: number, { adapter }: Target): Grid {
  const splitsAllowed = adapter === 'hardware' ? possibleSplits.filter((splits) => inputs / splits >= leastInputsOfSplit) : [1]
  let best: Grid | null = null
  let most = 0
  for (const tilePixels of pixelTiles.filter((tile) => tile === 1 || tile <= pixels)) {
    for (const vectors of vectorTiles.filter((tile) => outputs % tile === 0)) {
      const rows = Math.ceil(pixels / tilePixels)
      const columns = outputs / vectors
      for (const splits of splitsAllowed.length === 0 ? [1] : splitsAllowed) {
        const grid = gridOf({ pixels: tilePixels, vectors }, splits, columns, rows)
        const [x, y] = grid.workgroup
        if (x * y * splits > largestWorkgroup || x * y * (splits - 1) * tilePixels * vectors > mostPartialSums) continue
        const invocations = rows * columns * splits
        if (invocations >= enoughInvocations[adapter]) return grid
        if (invocations > most) {
          most = invocations
          best = grid
        }
      }
    }
  }
  return best ?? gridOf({ pixels: 1, vectors: 1 }, 1, outputs, pixels)
}

/** The grid of a window's outputs, row by row; a tile is `pixels` of one row. */
export function windowGrid(
  { height, width }: { height: number; width: number },
  outputs: number,
  { tiles, vectors }: { tiles: readonly number[]; vectors: number },
  { adapter }: Target,
): Grid {
  const columns = outputs / vectors
  const rowsOf = (pixels: number): number => height * Math.ceil(width / pixels)
  const pixels = tiles.find((tile) => tile <= width && rowsOf(tile) * columns >= enoughInvocations[adapter]) ?? 1
  return gridOf({ pixels, vectors }, 1, columns, rowsOf(pixels))
}

/** The grid of a mean over `pixels`, of which an invocation takes `tilePixels` at a time. */
export function poolGrid(pixels: number, channels: number, tilePixels: number, { adapter }: Target): Grid {
  const splits = adapter === 'hardware' ? powerOfTwo(Math.ceil(pixels / tilePixels), 16) : 1
  // Few channels make few workgroups: those of a processor's cores had better be small.
  const x = powerOfTwo(channels, 8)
  return { tile: { pixels: tilePixels, vectors: 1 }, splits, workgroup: [x, 1, splits], groups: [Math.ceil(channels / x), 1] }
}
