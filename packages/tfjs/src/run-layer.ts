import { isActivation, type Layer } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { activate } from './activate.js'
import type { DeviceParameters } from './device-parameters.js'
import { padded } from './padding.js'
import { refuseLayer } from './unknown.js'

function withoutResidual(layer: Layer, parameters: DeviceParameters, x: tf.Tensor): tf.Tensor {
  if (layer.kind === 'globalAveragePool') return tf.mean(x, [1, 2])
  if (layer.kind === 'globalMaxPool') return tf.max(x, [1, 2])
  const { kernel, bias } = parameters.get(layer.id)!
  switch (layer.kind) {
    case 'convolution': {
      const [input, pad] = padded(layer, x as tf.Tensor4D)
      return tf.fused.conv2d({
        x: input,
        filter: kernel as tf.Tensor4D,
        strides: layer.stride,
        pad,
        bias,
        activation: layer.activation,
      })
    }
    case 'pointwise':
      return tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: kernel as tf.Tensor4D,
        strides: 1,
        pad: 'valid',
        bias,
        activation: layer.activation,
      })
    case 'depthwise': {
      const [input, pad] = padded(layer, x as tf.Tensor4D)
      return tf.fused.depthwiseConv2d({
        x: input,
        filter: kernel as tf.Tensor4D,
        strides: layer.stride,
        pad,
        bias,
        activation: layer.activation,
      })
    }
    case 'dense': {
      const { activation } = layer
      // A map is flattened in the order of memory.
      const rows = tf.reshape(x, [x.shape[0]!, layer.kernelShape[0]]) as tf.Tensor2D
      if (isActivation(activation)) return tf.fused.matMul({ a: rows, b: kernel as tf.Tensor2D, bias, activation })
      return activate(activation, tf.fused.matMul({ a: rows, b: kernel as tf.Tensor2D, bias }))
    }
    default:
      return refuseLayer(layer satisfies never)
  }
}

/**
 * Runs one layer, with BatchNorm folded, as tfjs operations: activation(layer(x)) + residual.
 * @param x `[batch, height, width, channels]`, or `[batch, channels]` after the pool
 */
export function runLayer(layer: Layer, parameters: DeviceParameters, x: tf.Tensor, residual: tf.Tensor | null): tf.Tensor {
  return tf.tidy(() => {
    const output = withoutResidual(layer, parameters, x)
    return residual === null ? output : tf.add(output, residual)
  })
}
