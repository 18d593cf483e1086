import {
  type ConvolutionShape,
  channelAlignment,
  type DepthwiseShape,
  floatBytes,
  type Kernel,
  lanes,
  type PointwiseShape,
  type StripKernel,
  type WindowShape,
} from './kernel.js'

/** `value` rounded up to a multiple of `multiple`. */
export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}

/** Pixels of a tile whose sums stay in registers: 4 x 8 sums is what V8's 15 vector registers carry without a spill. */
export const pixelTile = 4

const mostVectorsForOnePixel = 10

/**
 * Output channels of a tile. Beside 4 pixels stand 8 channels; a single pixel (dense) takes as many as divide the outputs, at
 * most 40, because every sum waits for the one before it.
 */
export function channelTile({ pixels, outputs }: Pick<PointwiseShape, 'pixels' | 'outputs'>): number {
  if (pixels > 1) return channelAlignment
  let vectors = mostVectorsForOnePixel
  while (outputs % (vectors * lanes) !== 0) vectors -= 2
  return vectors * lanes
}

/**
 * Bytes of packed weights. Products: per channel tile a bias, then a row of the tile's weights for each input. Depthwise: per 4
 * channels a bias, then a vector for each tap.
 */
export function weightBytes(shape: PointwiseShape | DepthwiseShape): number {
  return isDepthwise(shape)
    ? (shape.kernelSize * shape.kernelSize + 1) * shape.channels * floatBytes
    : (shape.inputs + 1) * shape.outputs * floatBytes
}

export function isConvolution(shape: PointwiseShape | ConvolutionShape): shape is ConvolutionShape {
  return 'window' in shape
}

export function isDepthwise(shape: PointwiseShape | DepthwiseShape): shape is DepthwiseShape {
  return 'kernelSize' in shape
}

/** The shapes of a kernel's layers with weights, in the order of the layers, which is that of the weights in memory. */
export function weightedShapes(kernel: Kernel): readonly (PointwiseShape | DepthwiseShape)[] {
  switch (kernel.kind) {
    case 'pointwiseRows':
    case 'pointwiseTiles':
      return [kernel.product]
    case 'convolution':
      return [kernel.convolution.product]
    case 'depthwise':
      return [kernel.depthwise]
    case 'globalAveragePool':
      return []
    case 'strip': {
      const { expansion, depthwise, projection } = kernel
      if (expansion === null) return [depthwise, projection]
      return [isConvolution(expansion) ? expansion.product : expansion, depthwise, projection]
    }
  }
}

/** Independent parts of a kernel's work. */
export function unitsOf(kernel: Kernel): number {
  switch (kernel.kind) {
    case 'pointwiseRows':
      return kernel.rows
    case 'pointwiseTiles':
      return kernel.product.outputs / channelTile(kernel.product)
    case 'convolution':
      return kernel.convolution.window.outputHeight
    case 'depthwise':
    case 'strip':
      return kernel.depthwise.outputHeight
    case 'globalAveragePool':
      return kernel.pool.channels / channelAlignment
  }
}

/** Bytes from one row of a window's input to the next. */
export function inputRowBytes({ inputWidth, channels }: WindowShape): number {
  return inputWidth * channels * floatBytes
}

/** Bytes of one row of patches, and of the last vector's lanes that reach beyond it. */
function patchRowBytes({ product }: ConvolutionShape): number {
  return (product.pixels * product.inputs + lanes) * floatBytes
}

/** Every buffer begins at a multiple of this many bytes: a cache line. */
export const alignment = 64

/** Where a strip's rows stand in its scratch, in bytes from its start. */
export function stripScratch({ expansion, depthwise }: StripKernel): { row: number; patches: number; bytes: number } {
  const ring = expansion === null ? 0 : depthwise.kernelSize * inputRowBytes(depthwise)
  const row = roundUp(ring, alignment)
  const patches = row + roundUp(depthwise.outputWidth * depthwise.channels * floatBytes, alignment)
  const bytes = patches + (expansion !== null && isConvolution(expansion) ? patchRowBytes(expansion) : 0)
  return { row, patches, bytes }
}

/** Bytes that one run of a kernel needs beside its input and output. */
export function scratchBytes(kernel: Kernel): number {
  switch (kernel.kind) {
    case 'convolution':
      return patchRowBytes(kernel.convolution)
    case 'strip':
      return stripScratch(kernel).bytes
    case 'pointwiseRows':
    case 'pointwiseTiles':
    case 'depthwise':
    case 'globalAveragePool':
      return 0
  }
}

/** Bytes of the longest row of zeros that a kernel reads in place of rows beyond the map. */
export function zeroRowBytes(kernel: Kernel): number {
  switch (kernel.kind) {
    case 'convolution':
      return inputRowBytes(kernel.convolution.window)
    case 'depthwise':
      return inputRowBytes(kernel.depthwise)
    case 'strip': {
      const ofExpansion = kernel.expansion !== null && isConvolution(kernel.expansion) ? inputRowBytes(kernel.expansion.window) : 0
      return Math.max(ofExpansion, inputRowBytes(kernel.depthwise))
    }
    case 'pointwiseRows':
    case 'pointwiseTiles':
    case 'globalAveragePool':
      return 0
  }
}
