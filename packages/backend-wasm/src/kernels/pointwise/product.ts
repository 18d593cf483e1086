import { type BodyDenseLayer, type BodyLayer, roundUp } from '@mobilenetv2/runtime'
import type { PointwiseLayer } from '@mobilenetv2/spec'
import { type Finish, finishOf, type ValueBytes } from '../../codegen/arithmetic.js'
import { blockBytes, channelBlock, floatBytes, paddedChannels } from '../../memory-contract.js'
import type { Numbers } from '../../numbers/numbers.js'
import type { LayersAhead, PackedWeights } from '../kernel-type.js'

/** Dot products of a run of pixels with every output channel: pointwise and dense layers, and convolutions on gathered patches. */
export interface ProductShape extends Finish {
  readonly pixels: number
  /** The number of products in one dot product, a multiple of `inputsAtOnce`. */
  readonly inputs: number
  /** The number of values from the inputs of one pixel to those of the next. */
  readonly inputStride: number
  /** The bytes of a value of the input. */
  readonly inputBytes: ValueBytes
  /** The number of output channels, padded. */
  readonly outputs: number
  readonly tilePixels: number
  /** The number of blocks of 8 output channels in a tile. */
  readonly tileBlocks: 1 | 2
  /** The bytes of the packed weights of a block. */
  readonly blockWeightBytes: number
  /** Whether the layer has only one pixel. Then it has two accumulators for each sum. */
  readonly isSingle: boolean
}

/** How many inputs of a pixel one multiplication takes: 32 bits, which are read into all lanes of a vector. */
export function inputsAtOnce(inputBytes: ValueBytes): number {
  return floatBytes / inputBytes
}

/** The layout of a product's inputs in memory, and the tuning and numbers to compute with. */
export type ProductInput = Pick<LayersAhead, 'inputStride' | 'inputBytes' | 'tuning' | 'numbers'>

/**
 * @param pixels the pixels of the run
 * @param inputs the products in one dot product
 * @param outputBytes the bytes of a value of the output
 */
export function productShape(
  layer: BodyLayer,
  pixels: number,
  inputs: number,
  { inputStride, inputBytes, tuning, numbers }: ProductInput,
  outputBytes: Finish['outputBytes'] = numbers.valueBytes,
): ProductShape {
  const { product } = numbers
  const outputs = paddedChannels(layer.output.channels)
  const { tilePixels, doubleTilePixels } = product.tile(tuning)
  const isDouble = doubleTilePixels > 0 && pixels > 1 && outputs % (2 * channelBlock) === 0
  const tile = isDouble ? ({ tilePixels: doubleTilePixels, tileBlocks: 2 } as const) : ({ tilePixels, tileBlocks: 1 } as const)
  const atOnce = inputsAtOnce(inputBytes)
  const paddedInputs = roundUp(inputs, atOnce)
  return {
    pixels,
    inputs: paddedInputs,
    inputStride,
    inputBytes,
    outputs,
    ...tile,
    blockWeightBytes: product.head.bytes + (paddedInputs / atOnce) * blockBytes,
    isSingle: layer.output.height * layer.output.width === 1,
    ...finishOf(layer, outputBytes, numbers),
  }
}

/** The product of one row of a map. */
export function rowProduct(layer: PointwiseLayer, input: ProductInput, outputBytes?: Finish['outputBytes']): ProductShape {
  return productShape(layer, layer.output.width, layer.input.channels, input, outputBytes)
}

/** The product of a whole map. */
export function mapProduct(
  layer: PointwiseLayer | BodyDenseLayer,
  input: ProductInput,
  outputBytes?: Finish['outputBytes'],
): ProductShape {
  return productShape(layer, layer.output.height * layer.output.width, layer.input.channels, input, outputBytes)
}

/** The number of output channels in a tile. */
export function tileChannels({ tileBlocks }: ProductShape): number {
  return tileBlocks * channelBlock
}

/** The bytes of the output channels of a tile, for one pixel. */
export function tileBytes(shape: ProductShape): number {
  return tileChannels(shape) * shape.outputBytes
}

/** The bytes of one pixel of the output. */
export function outputPixelBytes({ outputs, outputBytes }: ProductShape): number {
  return outputs * outputBytes
}

/** The bytes of the packed weights of the channels of a tile. */
export function tileWeightBytes({ tileBlocks, blockWeightBytes }: ProductShape): number {
  return tileBlocks * blockWeightBytes
}

export function productWeightBytes({ outputs, blockWeightBytes }: ProductShape): number {
  return (outputs / channelBlock) * blockWeightBytes
}

/** @param starts for each tap of the kernel, the index of its first input; unless given, the kernel has one tap */
export function productWeights<Layer>(
  shape: ProductShape,
  { product }: Numbers<Layer>,
  starts: readonly number[] = [0],
): PackedWeights<Layer> {
  return {
    bytes: productWeightBytes(shape),
    pack: (layer, memory, address) => product.pack(layer, shape, starts, memory, address),
  }
}
