import { type Activation, type HeadActivation, isHeadActivation, leakyReluSlope } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { refuseActivation } from './unknown.js'

/**
 * Runs an activation that tfjs does not fuse into the operation before it. The result has the shape of `x`. Call it in
 * a tidy, because it makes intermediate tensors.
 * @throws MobileNetV2Error `BACKEND` if there is no such activation
 */
export function activate(activation: Exclude<HeadActivation, Activation>, x: tf.Tensor): tf.Tensor {
  switch (activation) {
    case 'sigmoid':
      return tf.sigmoid(x)
    case 'tanh':
      return tf.tanh(x)
    case 'elu':
      return tf.elu(x)
    case 'selu':
      return tf.selu(x)
    case 'silu':
      return tf.mul(x, tf.sigmoid(x))
    case 'gelu':
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))
    case 'geluTanh': {
      const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI))
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1))
    }
    case 'hardSwish':
      return tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6))
    default:
      return isHeadActivation(activation) ? tf.leakyRelu(x, leakyReluSlope(activation)) : refuseActivation(activation)
  }
}
