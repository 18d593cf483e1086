import {
  type ConvolutionShape,
  channelBlock,
  type DepthwiseShape,
  floatBytes,
  type Kernel,
  lanes,
  type PointwiseShape,
  type StripsKernel,
  type WindowShape,
} from './kernel.js'

/** `value` rounded up to a multiple of `multiple`. */
export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}

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

/** The shapes of a kernel's layers with weights, in the order of the layers, which is that of the weights in memory. */
export function weightedShapes(kernel: Kernel): readonly (PointwiseShape | DepthwiseShape)[] {
  switch (kernel.kind) {
    case 'pointwiseRows':
    case 'pointwiseBlocks':
      return [kernel.product]
    case 'convolution':
      return [kernel.convolution.product]
    case 'depthwise':
      return [kernel.depthwise]
    case 'globalAveragePool':
      return []
    case 'expandedDepthwise':
      return [kernel.expansion, kernel.depthwise]
    case 'strips': {
      const { expansion, depthwise, projection } = kernel
      return [...(expansion === null ? [] : [expansionProduct(expansion)]), depthwise, projection]
    }
  }
}

/** Independent parts of a kernel's work. */
export function unitsOf(kernel: Kernel): number {
  switch (kernel.kind) {
    case 'pointwiseRows':
      return kernel.rows
    case 'pointwiseBlocks':
      return kernel.product.outputs / channelBlock
    case 'convolution':
      return kernel.convolution.window.outputHeight
    case 'depthwise':
    case 'strips':
      return kernel.depthwise.outputHeight
    case 'globalAveragePool':
      return kernel.pool.channels / channelBlock
    case 'expandedDepthwise':
      return kernel.depthwise.channels / channelBlock
  }
}

/** Bytes of one block of 8 channels of an expanded map. */
export function blockMapBytes({ inputHeight, inputWidth }: DepthwiseShape): number {
  return inputHeight * inputWidth * channelBlock * floatBytes
}

/** Bytes of one row of patches, and of the last vector's lanes that reach beyond it. */
export function patchRowBytes({ product }: ConvolutionShape): number {
  return roundUp((product.pixels * product.inputs + lanes) * floatBytes, alignment)
}

/** The rows that a strip holds, and where they stand in its scratch, in bytes from its start; the ring of expanded rows is first. */
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

/** Bytes that one run of a kernel needs beside its input and output. */
export function scratchBytes(kernel: Kernel): number {
  switch (kernel.kind) {
    case 'convolution':
      return patchRowBytes(kernel.convolution)
    case 'strips':
      return stripScratch(kernel).bytes
    case 'expandedDepthwise':
      return blockMapBytes(kernel.depthwise)
    case 'pointwiseRows':
    case 'pointwiseBlocks':
    case 'depthwise':
    case 'globalAveragePool':
      return 0
  }
}

/** Bytes of a row of `channels` channels under a window. */
function rowBytes({ inputWidth }: WindowShape, channels: number): number {
  return inputWidth * channels * floatBytes
}

/** Bytes of the longest row of zeros that a kernel reads in place of rows beyond the map. */
export function zeroRowBytes(kernel: Kernel): number {
  switch (kernel.kind) {
    case 'convolution':
      return rowBytes(kernel.convolution.window, kernel.convolution.window.channels)
    case 'depthwise':
      return rowBytes(kernel.depthwise, kernel.depthwise.channels)
    case 'expandedDepthwise':
      return rowBytes(kernel.depthwise, channelBlock)
    case 'strips': {
      const { expansion, depthwise } = kernel
      if (expansion === null) return rowBytes(depthwise, depthwise.channels)
      const ofStem = isConvolution(expansion) ? rowBytes(expansion.window, expansion.window.channels) : 0
      return Math.max(ofStem, rowBytes(depthwise, channelBlock))
    }
    case 'pointwiseRows':
    case 'pointwiseBlocks':
    case 'globalAveragePool':
      return 0
  }
}
