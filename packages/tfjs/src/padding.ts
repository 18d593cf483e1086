import { type ConvolutionLayer, type DepthwiseLayer, isSamePadding, type Padding } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'

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
  return isSamePadding(layer) ? [input, 'same'] : [padInput(input, layer.padding), 'valid']
}
