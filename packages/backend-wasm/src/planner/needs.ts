import { channelBlock, type DepthwiseShape, floatBytes, type Kernel, type PointwiseShape, type WindowShape } from './kernel.js'
import { blockMapBytes, expansionProduct, isConvolution, patchRowBytes, stripScratch } from './sizes.js'

/** What a kernel asks of the plan. */
export interface KernelNeeds {
  /** Parts of its work that do not depend on each other. */
  readonly units: number
  /** The shapes of its layers with weights, in the order of the layers, which is that of the weights in memory. */
  readonly weighted: readonly (PointwiseShape | DepthwiseShape)[]
  /** Bytes that one run needs beside its input and output. */
  readonly scratchBytes: number
  /** Bytes of the row of zeros that it reads in place of rows above and below a map. */
  readonly zeroBytes: number
}

const nothingBeside = { scratchBytes: 0, zeroBytes: 0 }

/** Bytes of a row of `channels` channels under a window. */
function rowBytes({ inputWidth }: WindowShape, channels: number): number {
  return inputWidth * channels * floatBytes
}

/** What a kernel needs, from its sizes. */
export function needsOf(kernel: Kernel): KernelNeeds {
  switch (kernel.kind) {
    case 'pointwiseRows':
      return { units: kernel.rows, weighted: [kernel.product], ...nothingBeside }
    case 'pointwiseBlocks':
      return { units: kernel.product.outputs / channelBlock, weighted: [kernel.product], ...nothingBeside }
    case 'convolution': {
      const { window, product } = kernel.convolution
      return {
        units: window.outputHeight,
        weighted: [product],
        scratchBytes: patchRowBytes(kernel.convolution),
        zeroBytes: rowBytes(window, window.channels),
      }
    }
    case 'depthwise': {
      const { depthwise } = kernel
      return {
        units: depthwise.outputHeight,
        weighted: [depthwise],
        scratchBytes: 0,
        zeroBytes: rowBytes(depthwise, depthwise.channels),
      }
    }
    case 'globalAveragePool':
      return { units: kernel.pool.channels / channelBlock, weighted: [], ...nothingBeside }
    case 'expandedDepthwise': {
      const { expansion, depthwise } = kernel
      return {
        units: depthwise.channels / channelBlock,
        weighted: [expansion, depthwise],
        scratchBytes: blockMapBytes(depthwise),
        zeroBytes: rowBytes(depthwise, channelBlock),
      }
    }
    case 'strips': {
      const { expansion, depthwise, projection } = kernel
      const ofPicture = expansion !== null && isConvolution(expansion) ? rowBytes(expansion.window, expansion.window.channels) : 0
      return {
        units: depthwise.outputHeight,
        weighted: [...(expansion === null ? [] : [expansionProduct(expansion)]), depthwise, projection],
        scratchBytes: stripScratch(kernel).bytes,
        zeroBytes: Math.max(ofPicture, rowBytes(depthwise, expansion === null ? depthwise.channels : channelBlock)),
      }
    }
    default:
      return kernel satisfies never
  }
}
