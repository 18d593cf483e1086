import { type ConvolutionLayer, type DepthwiseLayer, MobileNetV2Error, type WeightedLayer } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { padInput } from '../padding.js'
import { tidied } from '../tidied.js'
import { refuseLayer } from '../unknown.js'

// The gradients are written out here, in operations that every tfjs backend has: tfjs's own are registered only by its union
// package, and its wasm backend lacks the kernels that they need.

type Windowed = ConvolutionLayer | DepthwiseLayer

/** The linear part of a layer: its output, and what its gradients need. */
export interface Linear {
  /** `[positions, output channels]` */
  readonly output: tf.Tensor
  /** The input, padded where the layer has a window. */
  readonly saved: tf.Tensor
}

/** What a layer's gradients are with respect to. */
export interface LinearGradients {
  /** In the shape of the kernel's tensor. */
  readonly kernel: tf.Tensor
  /** In the shape of the layer's input; null where it was not asked for. */
  readonly input: tf.Tensor | null
}

/** `[rows, columns]` → `[columns]`, by a product with ones: reductions over the first axis are slow on some backends. */
export function columnSums(x: tf.Tensor): tf.Tensor {
  return tidied(() => tf.reshape(tf.matMul(tf.ones([1, x.shape[0]!]), x), [x.shape[1]!]))
}

function asRows(x: tf.Tensor): tf.Tensor {
  const channels = x.shape.at(-1)!
  return tf.reshape(x, [x.size / channels, channels])
}

/** The products of transposed matrices are slow on the wasm backend, a transposition and a plain product are not. */
function transposed(x: tf.Tensor): tf.Tensor {
  return tf.transpose(x)
}

/** Rows of positions as what they were before. */
function shaped(rows: tf.Tensor, { shape: [batch] }: tf.Tensor, { output }: Windowed): tf.Tensor4D {
  return tf.reshape(rows, [batch!, output.height, output.width, output.channels])
}

/** Zeros between the rows and columns of `[batch, height, width, channels]`, so that they are `stride` apart, and after the last. */
function spread(x: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return x
  const [batch, height, width, channels] = x.shape
  const gap: [number, number] = [0, stride - 1]
  const columns = tf.pad3d(tf.reshape(x, [batch * height * width, 1, channels]), [[0, 0], gap, [0, 0]])
  const rows = tf.pad3d(tf.reshape(columns, [batch * height, 1, width * stride * channels]), [[0, 0], gap, [0, 0]])
  return tf.reshape(rows, [batch, height * stride, width * stride, channels])
}

/**
 * A layer's output gradient, spread by its stride, on a grid of the size of the padded input: its rows then lie as far from the
 * input's as the tap that joins them, whatever the stride.
 */
function onPaddedGrid({ stride, input, padding }: Windowed, gradient: tf.Tensor4D): tf.Tensor4D {
  const wide = spread(gradient, stride)
  const [batch, height, width, channels] = wide.shape
  const bottom = padding.top + input.height + padding.bottom - height
  const right = padding.left + input.width + padding.right - width
  // The zeros after the last row and column may be more than there is room for.
  const cut = tf.slice4d(wide, [0, 0, 0, 0], [batch, height + Math.min(0, bottom), width + Math.min(0, right), channels])
  return padInput(cut, { top: 0, bottom: Math.max(0, bottom), left: 0, right: Math.max(0, right) })
}

/**
 * For each tap of a window, rows of the padded input and the rows of the output's gradient that they meet. Both are whole runs of
 * memory, which every backend cuts out fast; where a run goes over an edge of the picture, the gradient is 0.
 */
function meetings(
  { kernelSize }: Windowed,
  paddedInput: tf.Tensor4D,
  wideGradient: tf.Tensor4D,
): { inputs: tf.Tensor[]; gradient: tf.Tensor } {
  const rowLength = paddedInput.shape[2]
  const rows = asRows(paddedInput) as tf.Tensor2D
  const gradientRows = asRows(wideGradient) as tf.Tensor2D
  const last = (kernelSize - 1) * (rowLength + 1)
  const length = rows.shape[0] - last
  const offsets = Array.from({ length: kernelSize ** 2 }, (_, tap) => Math.floor(tap / kernelSize) * rowLength + (tap % kernelSize))
  return {
    inputs: offsets.map((offset) => tf.slice2d(rows, [offset, 0], [length, -1])),
    gradient: tf.slice2d(gradientRows, [0, 0], [length, -1]),
  }
}

/** The input's gradient of a depthwise convolution: the output's, on the padded grid, under the window turned round. */
function depthwiseInputGradient(layer: DepthwiseLayer, kernel: tf.Tensor4D, wideGradient: tf.Tensor4D): tf.Tensor4D {
  const { kernelSize, padding, input } = layer
  const side = kernelSize - 1
  const framed = padInput(wideGradient, { top: side, bottom: 0, left: side, right: 0 })
  const whole = tf.depthwiseConv2d(framed, tf.reverse4d(kernel, [0, 1]), 1, 'valid')
  return tf.slice4d(whole, [0, padding.top, padding.left, 0], [-1, input.height, input.width, -1])
}

/** The linear part of a layer, without bias, on `[batch, height, width, channels]` or `[batch, channels]`. */
export function linear(layer: WeightedLayer, kernel: tf.Tensor, x: tf.Tensor): Linear {
  return tidied(() => {
    switch (layer.kind) {
      case 'pointwise':
      case 'dense':
        return { output: tf.matMul(asRows(x), asRows(kernel)), saved: x }
      case 'depthwise': {
        const saved = padInput(x as tf.Tensor4D, layer.padding)
        return { output: asRows(tf.depthwiseConv2d(saved, kernel as tf.Tensor4D, layer.stride, 'valid')), saved }
      }
      case 'convolution': {
        const saved = padInput(x as tf.Tensor4D, layer.padding)
        return { output: asRows(tf.conv2d(saved, kernel as tf.Tensor4D, layer.stride, 'valid')), saved }
      }
      default:
        return refuseLayer(layer satisfies never)
    }
  })
}

/**
 * The gradients of `linear`.
 * @param gradient the loss's with respect to the output, `[positions, output channels]`
 * @param needsInput whether the input's gradient is wanted
 */
export function linearGradients(
  layer: WeightedLayer,
  kernel: tf.Tensor,
  saved: tf.Tensor,
  gradient: tf.Tensor,
  needsInput: boolean,
): LinearGradients {
  return tidied(() => {
    switch (layer.kind) {
      case 'pointwise':
      case 'dense': {
        const rows = asRows(saved)
        return {
          kernel: tf.reshape(tf.matMul(transposed(rows), gradient), kernel.shape),
          input: needsInput ? tf.reshape(tf.matMul(gradient, transposed(asRows(kernel))), saved.shape) : null,
        }
      }
      case 'depthwise': {
        const wide = onPaddedGrid(layer, shaped(gradient, saved, layer))
        const { inputs, gradient: rows } = meetings(layer, saved as tf.Tensor4D, wide)
        const sums = inputs.map((input) => tidied(() => columnSums(tf.mul(input, rows))))
        return {
          kernel: tf.reshape(tf.concat(sums), kernel.shape),
          input: needsInput ? depthwiseInputGradient(layer, kernel as tf.Tensor4D, wide) : null,
        }
      }
      case 'convolution': {
        if (needsInput) throw new MobileNetV2Error('BACKEND', 'Only the first layer may be a full convolution in training.')
        const { inputs, gradient: rows } = meetings(
          layer,
          saved as tf.Tensor4D,
          onPaddedGrid(layer, shaped(gradient, saved, layer)),
        )
        const products = inputs.map((input) => tf.matMul(transposed(input), rows))
        return { kernel: tf.reshape(tf.concat(products), kernel.shape), input: null }
      }
      default:
        return refuseLayer(layer satisfies never)
    }
  })
}
