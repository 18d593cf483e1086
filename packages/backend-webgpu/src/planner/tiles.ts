import type { Tile } from './kernel.js'

/** What a plan knows about the device. */
export interface Target {
  /**
   * `hardware`: thousands of invocations run at once, and barriers are cheap. `software`: a fallback adapter, which emulates a GPU on a few
   * processor cores; barriers are slow there, so none is used.
   */
  readonly adapter: 'hardware' | 'software'
}

/**
 * How many invocations keep a device busy: about as many as an integrated GPU runs at once (96 units with 7 threads of 8 to 16 lanes).
 * Larger tiles read less memory, but with fewer invocations than this a part of the device is idle.
 */
const enoughInvocations: Readonly<Record<Target['adapter'], number>> = { hardware: 8192, software: 1 }

/** The invocations of a workgroup without barriers: one or two waves on all hardware, and far below every limit. */
const workgroupSize = 64
/** The most invocations of a workgroup, by WebGPU's default limit. */
const largestWorkgroup = 256
/** The most sums of 16 bytes in workgroup storage: WebGPU's default limit is 16 KiB. */
const mostPartialSums = 1024
/** The least vectors of inputs in a split, so that adding the partial sums stays the smaller part of the work. */
const leastInputsOfSplit = 4

const pixelTiles = [4, 2, 1]
const vectorTiles = [2, 1]
const possibleSplits = [1, 4, 16]

/** The smallest power of two that is at least `value`; at most `most`. */
function powerOfTwo(value: number, most: number): number {
  let power = 1
  while (power < value && power < most) power *= 2
  return power
}

/**
 * A workgroup over `columns` x `rows` tiles. Vectors of channels are along x, so that neighbouring invocations read neighbouring memory.
 */
function workgroupOver(columns: number, rows: number, splits: number): readonly [number, number, number] {
  const x = powerOfTwo(columns, rows === 1 ? Math.max(8, workgroupSize / splits) : 8)
  return [x, rows === 1 ? 1 : Math.max(1, workgroupSize / x / splits), splits]
}

/** How the work of a kernel is divided. */
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

/**
 * The grid of a matrix product `[pixels, inputs] x [inputs, outputs]`, with inputs and outputs in vectors: the one with the largest tile
 * that still keeps the device busy.
 */
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

/** The grid of a kernel with a window. A tile is a number of pixels of one output row. */
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

/** The grid of a mean over `pixels`. One invocation takes `tilePixels` at a time. */
export function poolGrid(pixels: number, channels: number, tilePixels: number, { adapter }: Target): Grid {
  const splits = adapter === 'hardware' ? powerOfTwo(Math.ceil(pixels / tilePixels), 16) : 1
  // Workgroups are small, because with few channels there are few workgroups, and each runs on one core.
  const x = powerOfTwo(channels, 8)
  return { tile: { pixels: tilePixels, vectors: 1 }, splits, workgroup: [x, 1, splits], groups: [Math.ceil(channels / x), 1] }
}
