import type { DepthwiseLayer, PointwiseLayer } from '@mobilenetv2/spec'
import { vectorBytes, vectorsOf } from './kernel.js'

/**
 * Multiply-adds that are worth one byte less to move. An integrated graphics processor has about 1 T multiply-adds/s, of which a
 * kernel gets the smaller part, and 50 to 70 GB/s of memory: 16 at the peak, 4 for kernels such as these. A discrete one has more.
 */
const multiplyAddsOfByte = 4

/** Invocations of a workgroup, one for each output pixel of its tile. */
export const invocations = 64
/** Sides of a square of output pixels that a workgroup makes. */
const tileSides = [8, 7]
/** Vectors of 16 bytes in WebGPU's default limit of 16 KiB of workgroup storage. */
const mostVectors = 1024

/** How a workgroup expands the pixels under a square of depthwise outputs into its own storage. */
export interface ExpansionTile {
  /** Output pixels along each side. */
  readonly side: number
  /** Expanded pixels along each side, and their number. */
  readonly expandedSide: number
  readonly positions: number
  /** Positions that one invocation expands. */
  readonly pixels: number
  /** Vectors of channels of a workgroup. */
  readonly vectors: number
  readonly tilesAcross: number
  readonly tilesDown: number
}

function tileOf(side: number, { kernelSize, stride, output }: DepthwiseLayer): ExpansionTile {
  const expandedSide = (side - 1) * stride + kernelSize
  const positions = expandedSide ** 2
  const channels = vectorsOf(output.channels)
  return {
    side,
    expandedSide,
    positions,
    pixels: Math.ceil(positions / invocations),
    vectors: channels % 2 === 0 && 2 * positions <= mostVectors ? 2 : 1,
    tilesAcross: Math.ceil(output.width / side),
    tilesDown: Math.ceil(output.height / side),
  }
}

/** Multiply-adds of an expansion that is done tile by tile, so that the pixels under the edges of two tiles are expanded twice. */
function tiledMultiplyAdds(expansion: PointwiseLayer, { tilesAcross, tilesDown, positions }: ExpansionTile): number {
  return tilesAcross * tilesDown * positions * expansion.input.channels * expansion.output.channels
}

/**
 * The tile with which an expansion and a depthwise layer are worth doing in one kernel; null where they are not. What it saves is
 * writing the expanded tensor and reading it; what it costs is what `tiledMultiplyAdds` does more than once.
 */
export function expansionTile(expansion: PointwiseLayer, depthwise: DepthwiseLayer): ExpansionTile | null {
  const tiles = tileSides.map((side) => tileOf(side, depthwise)).filter(({ positions }) => positions <= mostVectors)
  const cost = (tile: ExpansionTile): number => tiledMultiplyAdds(expansion, tile) - expansion.multiplyAdds
  const [best] = tiles.sort((a, b) => cost(a) - cost(b))
  if (best === undefined) return null
  const { height, width, channels } = expansion.output
  const savedBytes = 2 * vectorBytes(height * width * vectorsOf(channels), 'f32')
  return cost(best) <= savedBytes * multiplyAddsOfByte ? best : null
}
