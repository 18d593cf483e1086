import type { DepthwiseLayer, Shape, WeightedLayer } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { padInput } from '../padding.js'
import { tidied } from '../tidied.js'
import { refuseLayer } from '../unknown.js'
import { forEachPicture } from './rows.js'

// The gradients are written out here, in operations that the backends of TensorFlow.js have. TensorFlow.js registers its own gradients only
// in its union package, and its wasm backend lacks the kernels that they need.

/** The linear part of a layer: its output, and what its gradients need. */
export interface Linear {
  /** `[positions, pictures x output channels]` */
  readonly output: tf.Tensor
  /** The input: `[positions x pictures, inputs]`, or the padded map of a depthwise layer. */
  readonly saved: tf.Tensor
}

/** The gradients of the loss with respect to a layer's kernel and input. */
export interface LinearGradients {
  /** In the shape of the kernel's tensor. */
  readonly kernel: tf.Tensor
  /** In the shape of the layer's input; null if it is not needed. */
  readonly input: tf.Tensor | null
}

function positionsOf({ height, width }: Shape): number {
  return height * width
}

/** A kernel as a matrix `[inputs, output channels]`. */
function asMatrix(kernel: tf.Tensor): tf.Tensor2D {
  const outputs = kernel.shape.at(-1)!
  return tf.reshape(kernel, [kernel.size / outputs, outputs])
}

/** Turns rows of positions into one map, whose channels are the channels of all pictures. */
function asMap(rows: tf.Tensor, { height, width }: Shape): tf.Tensor4D {
  return tf.reshape(rows, [1, height, width, rows.shape[1]!])
}

/** Repeats a depthwise kernel `[window, window, channels, 1]` for each picture. */
function windowForEach(kernel: tf.Tensor, { kernelSize, biasLength }: DepthwiseLayer, pictures: number): tf.Tensor4D {
  return tf.reshape(forEachPicture(kernel, biasLength, pictures), [kernelSize, kernelSize, pictures * biasLength, 1])
}

/** Puts zeros after each row and column of a map, so that they are `stride` apart. */
function spread(map: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return map
  const [, height, width, channels] = map.shape
  const gap: [number, number] = [0, stride - 1]
  const columns = tf.pad3d(tf.reshape(map, [height * width, 1, channels]), [[0, 0], gap, [0, 0]])
  const rows = tf.pad3d(tf.reshape(columns, [height, 1, width * stride * channels]), [[0, 0], gap, [0, 0]])
  return tf.reshape(rows, [1, height * stride, width * stride, channels])
}

/**
 * The gradient of a depthwise convolution with respect to its input: the output's gradient, spread by the stride, convolved with the kernel
 * rotated by 180 degrees.
 */
function depthwiseInputGradient(layer: DepthwiseLayer, kernel: tf.Tensor, gradient: tf.Tensor4D, pictures: number): tf.Tensor {
  const { kernelSize, padding, stride, input, output } = layer
  const [top, left] = [kernelSize - 1 - padding.top, kernelSize - 1 - padding.left]
  const frame = {
    top,
    bottom: input.height + padding.top - output.height * stride,
    left,
    right: input.width + padding.left - output.width * stride,
  }
  const framed = padInput(spread(gradient, stride), frame)
  const turned = windowForEach(tf.reverse4d(kernel as tf.Tensor4D, [0, 1]), layer, pictures)
  return tf.reshape(tf.depthwiseConv2d(framed, turned, 1, 'valid'), [positionsOf(input), gradient.shape[3]])
}

/** The gradient of a depthwise convolution with respect to its kernel: the padded input, convolved with the output's gradient. */
function depthwiseKernelGradient(
  { kernelSize, stride }: DepthwiseLayer,
  padded: tf.Tensor4D,
  gradient: tf.Tensor4D,
  pictures: number,
): tf.Tensor {
  const [, height, width, columns] = gradient.shape
  if (tf.getKernel(tf.DepthwiseConv2dNativeBackpropFilter, tf.getBackend()) !== undefined) {
    const filterShape = [kernelSize, kernelSize, columns, 1]
    const attributes = { strides: [stride, stride], pad: 'valid', dilations: [1, 1], filterShape }
    const taps = tf.engine().runKernel<tf.Tensor>(tf.DepthwiseConv2dNativeBackpropFilter, { x: padded, dy: gradient }, attributes)
    return tf.sum(tf.reshape(taps, [kernelSize, kernelSize, pictures, columns / pictures]), 2)
  }
  // For the wasm backend, which lacks that kernel. TensorFlow has it, and refuses the dilation of the convolution below.
  const window = tf.reshape(gradient, [height, width, columns, 1]) as tf.Tensor4D
  const whole = tf.depthwiseConv2d(padded, window, 1, 'valid', 'NHWC', stride)
  // If the stride leaves rows of the input unused, the convolution has more outputs than the kernel has taps.
  const taps = tf.slice4d(whole, [0, 0, 0, 0], [1, kernelSize, kernelSize, columns])
  return tf.sum(tf.reshape(taps, [kernelSize, kernelSize, pictures, columns / pictures]), 2)
}

/**
 * The linear part of a layer, without bias.
 * @param x `[positions, pictures x channels]`; for a full convolution, its `patches`
 */
export function linear(layer: WeightedLayer, kernel: tf.Tensor, x: tf.Tensor, pictures: number): Linear {
  return tidied(() => {
    const shape = [positionsOf(layer.output), pictures * layer.output.channels]
    switch (layer.kind) {
      case 'convolution':
      case 'pointwise':
      case 'dense': {
        const weights = asMatrix(kernel)
        const saved = tf.reshape(x, [x.size / weights.shape[0], weights.shape[0]])
        return { output: tf.reshape(tf.matMul(saved, weights), shape), saved }
      }
      case 'depthwise': {
        const saved = padInput(asMap(x, layer.input), layer.padding)
        const output = tf.depthwiseConv2d(saved, windowForEach(kernel, layer, pictures), layer.stride, 'valid')
        return { output: tf.reshape(output, shape), saved }
      }
      default:
        return refuseLayer(layer satisfies never)
    }
  })
}

/**
 * The gradients of `linear`.
 * @param gradient the gradient of the loss with respect to the output, `[positions, pictures x output channels]`
 * @param needsInput whether the gradient with respect to the input is needed
 */
export function linearGradients(
  layer: WeightedLayer,
  kernel: tf.Tensor,
  saved: tf.Tensor,
  gradient: tf.Tensor,
  pictures: number,
  needsInput: boolean,
): LinearGradients {
  return tidied(() => {
    switch (layer.kind) {
      case 'convolution':
      case 'pointwise':
      case 'dense': {
        const weights = asMatrix(kernel)
        const rows = tf.reshape(gradient, [saved.shape[0]!, weights.shape[1]])
        // On the wasm backend, a product with the option `transposeA` is slower than a transposition and a plain product.
        const ofKernel = tf.matMul(tf.transpose(saved), rows)
        const shape = [saved.size / (pictures * weights.shape[0]), pictures * weights.shape[0]]
        return {
          kernel: tf.reshape(ofKernel, kernel.shape),
          input: needsInput ? tf.reshape(tf.matMul(rows, tf.transpose(weights)), shape) : null,
        }
      }
      case 'depthwise': {
        const map = asMap(gradient, layer.output)
        const ofKernel = depthwiseKernelGradient(layer, saved as tf.Tensor4D, map, pictures)
        return {
          kernel: tf.reshape(ofKernel, kernel.shape),
          input: needsInput ? depthwiseInputGradient(layer, kernel, map, pictures) : null,
        }
      }
      default:
        return refuseLayer(layer satisfies never)
    }
  })
}
