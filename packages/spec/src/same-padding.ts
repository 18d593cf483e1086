import type { ConvolutionLayer, DepthwiseLayer } from './architecture.js'

/**
 * The zeros that TensorFlow's SAME puts before and after an axis of `size`, and the length of the output
 * (TensorFlow's `core/framework/kernel_shape_util.cc`).
 */
export function sameAxis(size: number, kernelSize: number, stride: number): { before: number; after: number; output: number } {
  const output = Math.ceil(size / stride)
  const total = Math.max(0, (output - 1) * stride + kernelSize - size)
  return { before: Math.floor(total / 2), after: Math.ceil(total / 2), output }
}

/**
 * Whether the padding of a layer is the one that TensorFlow's SAME computes for its size. If it is not, TensorFlow must be given the zeros.
 * @example
 * ```ts
 * import { defineMobileNetV2, isSamePadding } from '@mobilenetv2/spec'
 *
 * const [stem] = defineMobileNetV2({ padding: 'symmetric' }).layers
 * stem?.kind === 'convolution' && isSamePadding(stem) // => false
 * ```
 */
export function isSamePadding({ input, kernelSize, stride, padding }: ConvolutionLayer | DepthwiseLayer): boolean {
  const rows = sameAxis(input.height, kernelSize, stride)
  const columns = sameAxis(input.width, kernelSize, stride)
  return (
    rows.before === padding.top &&
    rows.after === padding.bottom &&
    columns.before === padding.left &&
    columns.after === padding.right
  )
}
