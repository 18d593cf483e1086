import { roundUp } from '@mobilenetv2/runtime'
import {
  type ConvolutionShape,
  channelBlock,
  type DepthwiseShape,
  floatBytes,
  lanes,
  type PointwiseShape,
  type StripsKernel,
} from './kernel.js'

/** Every buffer begins at a multiple of this many bytes: a cache line. */
export const alignment = 64

export function isConvolution(shape: PointwiseShape | ConvolutionShape): shape is ConvolutionShape {
  return 'window' in shape
}

export function isDepthwise(shape: PointwiseShape | DepthwiseShape): shape is DepthwiseShape {
  return 'kernelSize' in shape
}

/** Bytes of a product's packed weights for 8 channels: the bias, then a row of 8 weights for each input. */
export function blockWeightBytes({ inputs }: PointwiseShape): number {
  return (inputs + 1) * channelBlock * floatBytes
}

/**
 * Bytes of a layer's packed weights: blocks of 8 channels one after the other, or for a depthwise convolution the bias and a
 * vector for each tap, per 4 channels.
 */
export function weightBytes(shape: PointwiseShape | DepthwiseShape): number {
  return isDepthwise(shape)
    ? (shape.kernelSize * shape.kernelSize + 1) * shape.channels * floatBytes
    : (shape.outputs / channelBlock) * blockWeightBytes(shape)
}

/** The product of an expansion, which may be a convolution. */
export function expansionProduct(expansion: PointwiseShape | ConvolutionShape): PointwiseShape {
  return isConvolution(expansion) ? expansion.product : expansion
}

/** Bytes of one block of 8 channels of an expanded map. */
export function blockMapBytes({ inputHeight, inputWidth }: DepthwiseShape): number {
  return inputHeight * inputWidth * channelBlock * floatBytes
}

/** Bytes of one row of patches, and of the last vector's lanes that reach beyond it. */
export function patchRowBytes({ product }: ConvolutionShape): number {
  return roundUp((product.pixels * product.inputs + lanes) * floatBytes, alignment)
}

/** The rows that a strip holds, and where they stand in its scratch, in bytes from its start; the ring of expanded rows is at 0. */
export interface StripScratch {
  /** Rows under the windows of a strip: the expanded rows of the ring, and the rows of patches that make them. */
  readonly ringRows: number
  /** Output rows of the depthwise convolution. */
  readonly depthwise: number
  readonly patches: number
  readonly bytes: number
}

export function stripScratch({ rows, expansion, depthwise }: StripsKernel): StripScratch {
  const ringRows = depthwise.kernelSize + (rows - 1) * depthwise.stride
  const ring = expansion === null ? 0 : ringRows * depthwise.inputWidth * depthwise.channels * floatBytes
  const depthwiseStart = roundUp(ring, alignment)
  const patches = depthwiseStart + roundUp(rows * depthwise.outputWidth * depthwise.channels * floatBytes, alignment)
  const patchBytes = expansion !== null && isConvolution(expansion) ? ringRows * patchRowBytes(expansion) : 0
  return { ringRows, depthwise: depthwiseStart, patches, bytes: patches + patchBytes }
}
