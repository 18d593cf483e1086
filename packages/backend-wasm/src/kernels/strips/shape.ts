import { roundUp } from '@mobilenetv2/runtime'
import { alignment } from '../../memory-contract.js'
import type { Numbers } from '../../numbers/numbers.js'
import { type ConvolutionShape, convolutionWeightBytes, convolutionWeights, patchRowBytes } from '../convolution/convolution.js'
import { type DepthwiseShape, depthwisePixelBytes } from '../depthwise/shape.js'
import type { PackedWeights } from '../kernel-type.js'
import { type ProductShape, productWeightBytes, productWeights, tileChannels } from '../pointwise/product.js'

/**
 * An inverted residual block, `rows` output rows after the other. `expansion` is null if the block has none, and is the stem if the
 * stem feeds a block without expansion.
 */
export interface StripsShape {
  readonly rows: number
  readonly expansion: ProductShape | ConvolutionShape | null
  readonly depthwise: DepthwiseShape
  readonly projection: ProductShape
}

export function isConvolution(shape: ProductShape | ConvolutionShape): shape is ConvolutionShape {
  return 'window' in shape
}

/** The product of an expansion, which may be a convolution. */
export function expansionProduct(expansion: ProductShape | ConvolutionShape): ProductShape {
  return isConvolution(expansion) ? expansion.product : expansion
}

/** Channels that are made together: those of a tile of the expansion; all of them without one. */
export function channelsTogether({ expansion, depthwise }: StripsShape): number {
  return expansion === null ? depthwise.channels : tileChannels(expansionProduct(expansion))
}

export function expansionWeightBytes(expansion: ProductShape | ConvolutionShape): number {
  return isConvolution(expansion) ? convolutionWeightBytes(expansion) : productWeightBytes(expansion)
}

export function expansionWeights<Layer>(expansion: ProductShape | ConvolutionShape, numbers: Numbers<Layer>): PackedWeights<Layer> {
  return isConvolution(expansion) ? convolutionWeights(expansion, numbers) : productWeights(expansion, numbers)
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

export function stripScratch({ rows, expansion, depthwise }: StripsShape): StripScratch {
  const ringRows = depthwise.kernelSize + (rows - 1) * depthwise.stride
  const ring = expansion === null ? 0 : ringRows * depthwise.inputWidth * depthwise.channels * depthwise.inputBytes
  const depthwiseStart = roundUp(ring, alignment)
  const patches = depthwiseStart + roundUp(rows * depthwise.outputWidth * depthwisePixelBytes(depthwise), alignment)
  const patchBytes = expansion !== null && isConvolution(expansion) ? ringRows * patchRowBytes(expansion) : 0
  return { ringRows, depthwise: depthwiseStart, patches, bytes: patches + patchBytes }
}
