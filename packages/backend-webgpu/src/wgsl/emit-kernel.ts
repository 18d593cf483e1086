import type { Kernel } from '../planner/kernel.js'
import { emitConvolution } from './convolution.js'
import { emitDepthwise } from './depthwise.js'
import { emitExpandDepthwise } from './expand-depthwise.js'
import { emitPointwise } from './pointwise.js'
import { emitPointwisePool } from './pointwise-pool.js'
import { emitPool } from './pool.js'

function emit(kernel: Kernel): string {
  switch (kernel.kind) {
    case 'pointwise':
      return emitPointwise(kernel)
    case 'convolution':
      return emitConvolution(kernel)
    case 'depthwise':
      return emitDepthwise(kernel)
    case 'globalAveragePool':
      return emitPool(kernel)
    case 'pointwisePool':
      return emitPointwisePool(kernel)
    case 'expandDepthwise':
      return emitExpandDepthwise(kernel)
    default:
      return kernel satisfies never
  }
}

/** The WGSL of a kernel; its entry point is `main`. Kernels of equal text share a pipeline. */
export function emitKernel(kernel: Kernel): string {
  return emit(kernel)
    .replaceAll(/\n +\n/g, '\n')
    .replaceAll(/\n\n+/g, '\n\n')
}
