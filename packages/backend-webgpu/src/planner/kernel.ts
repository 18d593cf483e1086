import type { Activation, Padding } from '@mobilenetv2/spec'

/** How numbers stand in a buffer. Sums are float32 in either case. */
export type Scalar = 'f32' | 'f16'

/**
 * What every kernel has. What stands in its text: how the work is cut up, and what happens to a sum before it is stored. What
 * comes to it in a uniform buffer: `sizes`, so that layers of one shape of tile share a pipeline whatever their size.
 */
interface KernelBase {
  /** Invocations of a workgroup, and workgroups for one picture; the third dimension of the grid counts pictures. */
  readonly workgroup: readonly [x: number, y: number, z: number]
  readonly groups: readonly [x: number, y: number]
  readonly activation: Activation
  readonly input: Scalar
  readonly output: Scalar
  /** The tensor that is added after the activation; null where none is. */
  readonly shortcut: Scalar | null
}

interface WeightedKernel extends KernelBase {
  readonly weights: Scalar
}

/** The maps that a window moves over, and the zeros above and on the left. A type and no interface, to be a record too. */
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

/** What one invocation computes: `pixels` side by side, `vectors` of 4 channels of each. */
export interface Tile {
  readonly pixels: number
  readonly vectors: number
}

/**
 * A matrix product: every pixel's channels with the kernel of a pointwise or (one pixel) dense layer. `splits` invocations of a
 * workgroup share one tile, each with its part of the input channels, and add up behind a barrier; 1 has no barrier.
 */
export interface PointwiseKernel extends WeightedKernel {
  readonly kind: 'pointwise'
  readonly tile: Tile
  readonly splits: number
  /** Inputs and outputs in vectors of 4 channels. */
  readonly sizes: { readonly pixels: number; readonly inputs: number; readonly outputs: number }
}

/** A full convolution of an input that has `channels` (1 to 4) numbers a pixel, not padded to vectors: the picture. */
export interface ConvolutionKernel extends WeightedKernel {
  readonly kind: 'convolution'
  readonly window: Window
  readonly channels: number
  readonly tile: Tile
  /** `tiles` are those of one output row. */
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
 * The mean over the pixels of a pointwise layer's output, which never exists whole: `splits` invocations of a workgroup share the
 * pixels, `tile.pixels` at a time, and add up behind a barrier. `inner` is the pointwise layer's activation; the kernel's own is the
 * pool's.
 */
export interface PointwisePoolKernel extends WeightedKernel {
  readonly kind: 'pointwisePool'
  readonly inner: Activation
  readonly tile: Tile
  readonly splits: number
  readonly sizes: { readonly pixels: number; readonly inputs: number; readonly outputs: number }
}

/**
 * An expansion and the depthwise layer that is its only reader (section 3.2 of the paper): a workgroup expands the pixels under a
 * square of outputs into its own storage, and the expanded tensor never exists whole. `inner` is the expansion's activation.
 */
export interface ExpandDepthwiseKernel extends WeightedKernel {
  readonly kind: 'expandDepthwise'
  readonly inner: Activation
  readonly window: Window
  /** Output pixels along each side of the square, and expanded pixels along each side. */
  readonly side: number
  readonly expandedSide: number
  /** Expanded pixels that one invocation computes, and vectors of a workgroup. */
  readonly tile: Tile
  /** `tiles` are the squares side by side. */
  readonly sizes: MapSizes & { readonly inputs: number; readonly channels: number; readonly tiles: number }
}

/** What generated code does: sizes and no addresses. Kernels that differ in `sizes` alone share one pipeline. */
export type Kernel =
  | PointwiseKernel
  | ConvolutionKernel
  | DepthwiseKernel
  | PoolKernel
  | PointwisePoolKernel
  | ExpandDepthwiseKernel

/** Channels of a vector. In memory a pixel's channels are padded to whole vectors with zeros. */
export const lanes = 4

/** Vectors that `channels` take. */
export function vectorsOf(channels: number): number {
  return Math.ceil(channels / lanes)
}

const bytesOfScalar: Readonly<Record<Scalar, number>> = { f32: 4, f16: 2 }

/** Bytes of `vectors` vectors of a scalar. */
export function vectorBytes(vectors: number, scalar: Scalar): number {
  return vectors * lanes * bytesOfScalar[scalar]
}
