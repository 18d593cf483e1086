import { roundUp } from '@mobilenetv2/runtime'
import { alignment } from '../../memory-contract.js'
import type { Numbers } from '../../numbers/numbers.js'
import { type ConvolutionShape, convolutionWeightBytes, convolutionWeights, patchRowBytes } from '../convolution/convolution.js'
import { type DepthwiseShape, depthwisePixelBytes } from '../depthwise/shape.js'
import type { PackedWeights } from '../kernel-type.js'
import { type ProductShape, productWeightBytes, productWeights, tileChannels } from '../pointwise/product.js'

/**
 * An inverted residual block that is computed in strips of `rows` output rows. `expansion` is null if the block has none. If the stem feeds
 * a block without expansion, `expansion` is the stem.
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

/** The number of channels that are computed together: a tile of the expansion, or all channels if there is no expansion. */
export function channelsTogether({ expansion, depthwise }: StripsShape): number {
  return expansion === null ? depthwise.channels : tileChannels(expansionProduct(expansion))
}

export function expansionWeightBytes(expansion: ProductShape | ConvolutionShape): number {
  return isConvolution(expansion) ? convolutionWeightBytes(expansion) : productWeightBytes(expansion)
}

export function expansionWeights<Layer>(expansion: ProductShape | ConvolutionShape, numbers: Numbers<Layer>): PackedWeights<Layer> {
  return isConvolution(expansion) ? convolutionWeights(expansion, numbers) : productWeights(expansion, numbers)
}

/** The layout of a strip's scratch, as offsets in bytes. The ring buffer of expanded rows is at 0. */
export interface StripScratch {
  /** The number of rows under the windows of a strip: of expanded rows in the ring, and of rows of patches for them. */
  readonly ringRows: number
  /** The offset of the output rows of the depthwise convolution. */
  readonly depthwise: number
  /** The offset of the rows of patches. */
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
