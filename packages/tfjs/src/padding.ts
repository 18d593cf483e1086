import type { ConvolutionLayer, DepthwiseLayer, Padding } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'

/** Zeros around one axis in TensorFlow's SAME, for `output` windows. */
function sameZeros(input: number, output: number, kernelSize: number, stride: number): readonly [before: number, after: number] {
  const total = Math.max(0, (output - 1) * stride + kernelSize - input)
  return [Math.floor(total / 2), Math.ceil(total / 2)]
}

function isSame({ input, output, kernelSize, stride, padding }: ConvolutionLayer | DepthwiseLayer): boolean {
  if (output.height !== Math.ceil(input.height / stride) || output.width !== Math.ceil(input.width / stride)) return false
  const [top, bottom] = sameZeros(input.height, output.height, kernelSize, stride)
  const [left, right] = sameZeros(input.width, output.width, kernelSize, stride)
  return padding.top === top && padding.bottom === bottom && padding.left === left && padding.right === right
}

/** `[batch, height, width, channels]` with zeros around height and width. */
export function padInput(input: tf.Tensor4D, { top, bottom, left, right }: Padding): tf.Tensor4D {
  return tf.pad4d(input, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ])
}

/**
 * A layer's input and the name of the padding that tfjs has to add to it. No tfjs backend takes four numbers in a depthwise
 * convolution, and the native one takes none: where the layer's padding is not SAME, the zeros are put there first.
 */
export function padded(layer: ConvolutionLayer | DepthwiseLayer, input: tf.Tensor4D): [tf.Tensor4D, 'same' | 'valid'] {
  return isSame(layer) ? [input, 'same'] : [padInput(input, layer.padding), 'valid']
}
