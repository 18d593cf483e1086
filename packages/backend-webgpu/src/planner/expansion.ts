import type { DepthwiseLayer, PointwiseLayer } from '@mobilenetv2/spec'
import { vectorBytes, vectorsOf } from './kernel.js'

/**
 * How many additional multiply-adds a saved byte of memory traffic is worth. An integrated GPU does about 1 T multiply-adds/s at
 * its peak, with 50 to 70 GB/s of memory: 16 multiply-adds per byte. Kernels such as these reach a quarter of the peak: 4. On a
 * discrete GPU the ratio is higher.
 */
const multiplyAddsOfByte = 4

/** The invocations of a workgroup, one for each output pixel of its tile. */
export const invocations = 64
/** Possible sides of the square of output pixels that a workgroup computes. */
const tileSides = [8, 7]
/** The most vectors of 16 bytes in workgroup storage: WebGPU's default limit is 16 KiB. */
const mostVectors = 1024

/** How a workgroup expands the pixels under a square of depthwise outputs into its workgroup storage. */
export interface ExpansionTile {
  /** Output pixels along each side. */
  readonly side: number
  /** Expanded pixels along each side. */
  readonly expandedSide: number
  /** Expanded pixels: `expandedSide` squared. */
  readonly positions: number
  /** How many positions one invocation expands. */
  readonly pixels: number
  /** How many vectors of channels a workgroup computes. */
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

/** The multiply-adds of an expansion that is done tile by tile. Pixels under the edges of two tiles are expanded twice. */
function tiledMultiplyAdds(expansion: PointwiseLayer, { tilesAcross, tilesDown, positions }: ExpansionTile): number {
  return tilesAcross * tilesDown * positions * expansion.input.channels * expansion.output.channels
}

/**
 * The tile for fusing an expansion with its depthwise layer; null if fusing does not pay. Fusing saves writing and reading the expanded
 * tensor, and costs the multiply-adds that are done twice (`tiledMultiplyAdds`).
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
