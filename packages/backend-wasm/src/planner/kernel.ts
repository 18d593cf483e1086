import type { Activation, Padding } from '@mobilenetv2/spec'

/**
 * In memory an activation has its channels padded to a multiple of 8 with zeros, so that every kernel works on whole vectors;
 * weights of padded channels are zeros too, and keep them zero. The picture is the only activation that may be unpadded.
 */
export const channelAlignment = 8

/** Lanes of a vector and bytes of a float32. */
export const lanes = 4
export const floatBytes = 4

/** Dot products of a run of pixels with every output channel: pointwise, dense, and convolutions on gathered patches. */
export interface PointwiseShape {
  readonly pixels: number
  /** Products in one dot product. */
  readonly inputs: number
  /** Floats from one pixel's inputs to the next one's. */
  readonly inputStride: number
  /** Output channels, padded. */
  readonly outputs: number
  readonly activation: Activation
  readonly addsResidual: boolean
}

/** How a window of `kernelSize` x `kernelSize` moves over a map with `channels` floats a pixel. */
export interface WindowShape {
  readonly kernelSize: number
  readonly stride: number
  readonly top: Padding['top']
  readonly left: Padding['left']
  readonly inputHeight: number
  readonly inputWidth: number
  readonly outputHeight: number
  readonly outputWidth: number
  readonly channels: number
}

export interface DepthwiseShape extends WindowShape {
  readonly activation: Activation
  readonly addsResidual: boolean
}

/** The mean over height and width. */
export interface PoolShape {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly activation: Activation
  readonly addsResidual: boolean
}

/** A full convolution, row by row: the patches of one output row are gathered, then multiplied like pixels. */
export interface ConvolutionShape {
  readonly window: WindowShape
  readonly product: PointwiseShape
}

/**
 * What generated code does, with sizes and no addresses: calls with equal kernels share one function. Each kernel does a
 * range of its units, which do not depend on each other, so that threads can share them out:
 * - `pointwiseRows`: `product` for each of `rows` rows of a large map; a unit is a row;
 * - `pointwiseTiles`: `product` for a whole small map (or one pixel: dense), one channel tile after the other; a unit is a tile;
 * - `convolution`, `depthwise`: a unit is an output row;
 * - `globalAveragePool`: a unit is 8 channels;
 * - `strip`: an inverted residual block row by row (section 5.1 of the paper): its expanded rows live in a ring of
 *   `kernelSize` rows, its depthwise output in one row; a unit is an output row. `expansion` is null where the block has none,
 *   and is the stem where the stem feeds a block without expansion.
 */
export type Kernel =
  | { readonly kind: 'pointwiseRows'; readonly rows: number; readonly product: PointwiseShape }
  | { readonly kind: 'pointwiseTiles'; readonly product: PointwiseShape }
  | { readonly kind: 'convolution'; readonly convolution: ConvolutionShape }
  | { readonly kind: 'depthwise'; readonly depthwise: DepthwiseShape }
  | { readonly kind: 'globalAveragePool'; readonly pool: PoolShape }
  | StripKernel

export interface StripKernel {
  readonly kind: 'strip'
  readonly expansion: PointwiseShape | ConvolutionShape | null
  readonly depthwise: DepthwiseShape
  readonly projection: PointwiseShape
}
