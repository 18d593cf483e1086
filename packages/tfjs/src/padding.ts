import { type ConvolutionLayer, type DepthwiseLayer, isSamePadding, type Padding } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'

/** Puts zeros around the height and width of `[batch, height, width, channels]`. */
export function padInput(input: tf.Tensor4D, { top, bottom, left, right }: Padding): tf.Tensor4D {
  return tf.pad4d(input, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ])
}

/**
 * A layer's input, and the name of the padding that tfjs must add to it. A depthwise convolution of tfjs takes no padding for each side. So
 * if the layer's padding is not SAME, the zeros are added to the input here.
 */
export function padded(layer: ConvolutionLayer | DepthwiseLayer, input: tf.Tensor4D): [tf.Tensor4D, 'same' | 'valid'] {
  return isSamePadding(layer) ? [input, 'same'] : [padInput(input, layer.padding), 'valid']
}
