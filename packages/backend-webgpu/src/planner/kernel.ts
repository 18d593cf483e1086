import type { Activation, Padding } from '@mobilenetv2/spec'

/** The type of the numbers in a buffer. Sums are always float32. */
export type Scalar = 'f32' | 'f16'

/**
 * What every kernel has. The division of the work, the activation and the types of numbers are constants in its WGSL. The `sizes`
 * come in a uniform buffer, so that layers of different sizes can share a pipeline.
 */
interface KernelBase {
  /** The invocations of a workgroup. */
  readonly workgroup: readonly [x: number, y: number, z: number]
  /** The workgroups for one picture. The third dimension of the grid is the number of pictures. */
  readonly groups: readonly [x: number, y: number]
  readonly activation: Activation
  readonly input: Scalar
  readonly output: Scalar
  /** The type of the residual that is added after the activation; null if there is none. */
  readonly shortcut: Scalar | null
}

interface WeightedKernel extends KernelBase {
  readonly weights: Scalar
}

/**
 * The sizes of the input and output maps, and the padding above and on the left. It is a type and not an interface, so that it fits
 * `Record`.
 */
export type MapSizes = {
  readonly inputHeight: number
  readonly inputWidth: number
  readonly outputHeight: number
  readonly outputWidth: number
  readonly top: Padding['top']
  readonly left: Padding['left']
}

/** A window of `kernelSize` x `kernelSize` that moves in steps of `stride`. */
export interface Window {
  readonly kernelSize: number
  readonly stride: number
}

/** What one invocation computes: `pixels` neighbouring pixels, and for each of them `vectors` of 4 channels. */
export interface Tile {
  readonly pixels: number
  readonly vectors: number
}

/**
 * A matrix product: the channels of every pixel times the kernel of a pointwise layer, or of a dense layer, which has one pixel. `splits`
 * invocations share one tile: each takes a part of the input channels, and the sums are added after a barrier. With 1 there is no barrier.
 */
export interface PointwiseKernel extends WeightedKernel {
  readonly kind: 'pointwise'
  readonly tile: Tile
  readonly splits: number
  /** Inputs and outputs count vectors of 4 channels. */
  readonly sizes: { readonly pixels: number; readonly inputs: number; readonly outputs: number }
}

/** A full convolution of the picture, which has `channels` numbers for each pixel, 1 to 4, without padding to vectors. */
export interface ConvolutionKernel extends WeightedKernel {
  readonly kind: 'convolution'
  readonly window: Window
  readonly channels: number
  readonly tile: Tile
  /** `tiles` counts the tiles of one output row. */
  readonly sizes: MapSizes & { readonly outputs: number; readonly tiles: number }
}

/** A depthwise convolution of `channels` vectors; `tile.vectors` is 1. */
export interface DepthwiseKernel extends WeightedKernel {
  readonly kind: 'depthwise'
  readonly window: Window
  readonly tile: Tile
  readonly sizes: MapSizes & { readonly channels: number; readonly tiles: number }
}

/** The mean over `pixels`; `splits` as in `PointwiseKernel`. */
export interface PoolKernel extends KernelBase {
  readonly kind: 'globalAveragePool'
  readonly splits: number
  readonly sizes: { readonly pixels: number; readonly channels: number }
}

/**
 * A pointwise layer fused with the average pool after it, so that the pointwise output is never stored. `splits` invocations of a
 * workgroup share the pixels, `tile.pixels` at a time, and the sums are added after a barrier. `inner` is the pointwise layer's
 * activation, and `activation` the pool's.
 */
export interface PointwisePoolKernel extends WeightedKernel {
  readonly kind: 'pointwisePool'
  readonly inner: Activation
  readonly tile: Tile
  readonly splits: number
  readonly sizes: { readonly pixels: number; readonly inputs: number; readonly outputs: number }
}

/**
 * An expansion fused with its depthwise layer (section 5.1 of the paper). A workgroup expands the pixels under a square of outputs
 * into its workgroup storage, so that the expanded tensor is never stored as a whole. `inner` is the expansion's activation.
 */
export interface ExpandDepthwiseKernel extends WeightedKernel {
  readonly kind: 'expandDepthwise'
  readonly inner: Activation
  readonly window: Window
  /** Output pixels along each side of the square. */
  readonly side: number
  /** Expanded pixels along each side of the square. */
  readonly expandedSide: number
  /** The expanded pixels of one invocation, and the vectors of a workgroup. */
  readonly tile: Tile
  /** `tiles` counts the squares in one row. */
  readonly sizes: MapSizes & { readonly inputs: number; readonly channels: number; readonly tiles: number }
}

/** A description of generated code. It has sizes, but no addresses. Kernels that differ only in `sizes` share a pipeline. */
export type Kernel =
  | PointwiseKernel
  | ConvolutionKernel
  | DepthwiseKernel
  | PoolKernel
  | PointwisePoolKernel
  | ExpandDepthwiseKernel

/** The channels of a vector. In memory, the channels of a pixel are padded with zeros to whole vectors. */
export const lanes = 4

/** How many vectors `channels` channels take. */
export function vectorsOf(channels: number): number {
  return Math.ceil(channels / lanes)
}

const bytesOfScalar: Readonly<Record<Scalar, number>> = { f32: 4, f16: 2 }

/** The bytes of `vectors` vectors. */
export function vectorBytes(vectors: number, scalar: Scalar): number {
  return vectors * lanes * bytesOfScalar[scalar]
}
