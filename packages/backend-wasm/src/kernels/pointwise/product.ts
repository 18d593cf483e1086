import type { BodyDenseLayer, BodyLayer } from '@mobilenetv2/runtime'
import type { PointwiseLayer } from '@mobilenetv2/spec'
import { type Finish, finishOf } from '../../codegen/arithmetic.js'
import { blockBytes, channelBlock, floatBytes, paddedChannels } from '../../memory-contract.js'
import type { LayersAhead, PackedWeights } from '../kernel-type.js'

/** Dot products of a run of pixels with every output channel: pointwise, dense, and convolutions on gathered patches. */
export interface ProductShape extends Finish {
  readonly pixels: number
  /** Products in one dot product. */
  readonly inputs: number
  /** Floats from one pixel's inputs to the next one's. */
  readonly inputStride: number
  /** Output channels, padded. */
  readonly outputs: number
  readonly tilePixels: number
  /** Blocks of 8 output channels in a tile. */
  readonly tileBlocks: 1 | 2
  /** Whether the layer has one pixel in all: its sums are added to in two turns. */
  readonly isSingle: boolean
}

/** How the pixels of a product's inputs lie in memory, and the tuning that they are read with. */
export type ProductInput = Pick<LayersAhead, 'inputStride' | 'tuning'>

/**
 * @param pixels pixels of the run
 * @param inputs products in one dot product
 */
export function productShape(
  layer: BodyLayer,
  pixels: number,
  inputs: number,
  { inputStride, tuning }: ProductInput,
): ProductShape {
  const outputs = paddedChannels(layer.output.channels)
  const isDouble = tuning.doubleTilePixels > 0 && pixels > 1 && outputs % (2 * channelBlock) === 0
  const tile = isDouble
    ? ({ tilePixels: tuning.doubleTilePixels, tileBlocks: 2 } as const)
    : ({ tilePixels: tuning.tilePixels, tileBlocks: 1 } as const)
  const isSingle = layer.output.height * layer.output.width === 1
  return { pixels, inputs, inputStride, outputs, ...tile, isSingle, ...finishOf(layer) }
}

/** The product of one row of a map. */
export function rowProduct(layer: PointwiseLayer, input: ProductInput): ProductShape {
  return productShape(layer, layer.output.width, layer.input.channels, input)
}

/** The product of a whole map. */
export function mapProduct(layer: PointwiseLayer | BodyDenseLayer, input: ProductInput): ProductShape {
  return productShape(layer, layer.output.height * layer.output.width, layer.input.channels, input)
}

/** Output channels that a tile makes at once. */
export function tileChannels({ tileBlocks }: ProductShape): number {
  return tileBlocks * channelBlock
}

/** Bytes of packed weights for the channels of a tile. */
export function tileWeightBytes(shape: ProductShape): number {
  return shape.tileBlocks * blockWeightBytes(shape)
}

/** Bytes of packed weights for 8 channels: the bias, then a row of 8 weights for each input. */
export function blockWeightBytes({ inputs }: ProductShape): number {
  return (inputs + 1) * blockBytes
}

/**
 * Kernel [taps][inputs][outputs] to [outputs / 8][1 + taps * stride][8], the bias first; `stride` is what one tap takes in
 * memory, `inputs` or more.
 */
export function productWeights(shape: ProductShape, taps = 1): PackedWeights {
  return {
    bytes: (shape.outputs / channelBlock) * blockWeightBytes(shape),
    pack({ kernel, bias }, target) {
      const outputs = bias.length
      const inputs = kernel.length / taps / outputs
      const stride = shape.inputs / taps
      const blockFloats = blockWeightBytes(shape) / floatBytes
      scatterRow(bias, 0, outputs, target, 0, blockFloats)
      for (let tap = 0, row = 0; tap < taps; tap++) {
        for (let input = 0; input < inputs; input++, row++) {
          scatterRow(kernel, row * outputs, outputs, target, (1 + tap * stride + input) * channelBlock, blockFloats)
        }
      }
    },
  }
}

/**
 * Copies `length` floats from `from` on, 8 at a time, to `to` and every `step` floats behind it. Whole blocks are written
 * out, since no engine has optimised this loop by the time it runs.
 */
function scatterRow(source: Float32Array, from: number, length: number, target: Float32Array, to: number, step: number): void {
  const end = from + length
  let at = from
  let block = to
  for (; at + channelBlock <= end; at += channelBlock, block += step) {
    target[block] = source[at]!
    target[block + 1] = source[at + 1]!
    target[block + 2] = source[at + 2]!
    target[block + 3] = source[at + 3]!
    target[block + 4] = source[at + 4]!
    target[block + 5] = source[at + 5]!
    target[block + 6] = source[at + 6]!
    target[block + 7] = source[at + 7]!
  }
  for (; at < end; at++, block++) target[block] = source[at]!
}
