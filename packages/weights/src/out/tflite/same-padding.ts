import type { ConvolutionLayer, DepthwiseLayer } from '@mobilenetv2/spec'

/** The zeros that TensorFlow's SAME puts before and after an axis of `size` (`tensorflow/core/framework/kernel_shape_util.cc`). */
function sameAxis(size: number, kernelSize: number, stride: number): { before: number; after: number } {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernelSize - size)
  return { before: Math.floor(total / 2), after: Math.ceil(total / 2) }
}

/** Whether TensorFlow's SAME gives a layer its own padding; where not, a TensorFlow graph has to state the zeros. */
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
