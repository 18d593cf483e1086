import type { Activation, Padding } from '@mobilenetv2/spec'

/** Lanes of a vector and bytes of a float32. */
export const lanes = 4
export const floatBytes = 4

/**
 * Channels that a product's tile makes at once. In memory an activation has its channels padded with zeros to whole blocks, so
 * that every kernel works on whole vectors; the weights of padded channels are zeros too, and keep them zero. The picture is the
 * only activation that may be unpadded.
 */
export const channelBlock = 8

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
 * - `pointwiseBlocks`: `product` for a whole small map (or one pixel: dense), 8 channels after the other; a unit is 8 channels;
 * - `convolution`, `depthwise`: a unit is an output row;
 * - `globalAveragePool`: a unit is 8 channels;
 * - `strips` and `expandedDepthwise`: section 5.1 of the paper, in two forms.
 */
export type Kernel =
  | { readonly kind: 'pointwiseRows'; readonly rows: number; readonly product: PointwiseShape }
  | { readonly kind: 'pointwiseBlocks'; readonly product: PointwiseShape }
  | { readonly kind: 'convolution'; readonly convolution: ConvolutionShape }
  | { readonly kind: 'depthwise'; readonly depthwise: DepthwiseShape }
  | { readonly kind: 'globalAveragePool'; readonly pool: PoolShape }
  | ExpandedDepthwiseKernel
  | StripsKernel

/**
 * Expansion and depthwise convolution of a small map, 8 channels after the other: the expanded tensor is never more than 8
 * channels of the map. A unit is 8 channels.
 */
export interface ExpandedDepthwiseKernel {
  readonly kind: 'expandedDepthwise'
  readonly expansion: PointwiseShape
  readonly depthwise: DepthwiseShape
}

/**
 * A whole inverted residual block of a large map, `rows` output rows after the other: the expanded tensor is never more than
 * the rows under their windows, in a ring. A unit is an output row. `expansion` is null where the block has none, and is the
 * stem where the stem feeds a block without expansion.
 */
export interface StripsKernel {
  readonly kind: 'strips'
  readonly rows: number
  readonly expansion: PointwiseShape | ConvolutionShape | null
  readonly depthwise: DepthwiseShape
  readonly projection: PointwiseShape
}
