import type { ConvolutionLayer } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { tidied } from '../tidied.js'

// In training a batch has the layout `[height x width, pictures x channels]`: rows of positions. In it a depthwise convolution treats each
// channel of each picture as one channel. So the gradient of its kernel is a depthwise convolution too, which every tfjs backend has.

/**
 * Turns the maps of a batch into rows of positions.
 * @param maps one for each picture, each `[positions, channels]`
 * @returns `[positions, pictures x channels]`
 */
export function interleave(maps: readonly Float32Array[], channels: number): Float32Array {
  const length = maps[0]!.length
  const rows = new Float32Array(maps.length * length)
  let at = 0
  for (let start = 0; start < length; start += channels) {
    for (const map of maps) {
      for (let channel = 0; channel < channels; channel++) rows[at++] = map[start + channel]!
    }
  }
  return rows
}

/**
 * The values under the window of a convolution at each output position, with 0 outside of the picture. Their product with the kernel is the
 * convolution.
 * @param picture `[height, width, channels]`
 * @returns `[output positions, window x channels]`
 */
export function patches({ input, output, kernelSize, stride, padding }: ConvolutionLayer, picture: Float32Array): Float32Array {
  const { height, width, channels } = input
  const seen = new Float32Array(output.height * output.width * kernelSize ** 2 * channels)
  let at = 0
  for (let top = -padding.top, row = 0; row < output.height; row++, top += stride) {
    for (let left = -padding.left, column = 0; column < output.width; column++, left += stride) {
      for (let y = top; y < top + kernelSize; y++) {
        for (let x = left; x < left + kernelSize; x++, at += channels) {
          if (y < 0 || y >= height || x < 0 || x >= width) continue
          const from = (y * width + x) * channels
          for (let channel = 0; channel < channels; channel++) seen[at + channel] = picture[from + channel]!
        }
      }
    }
  }
  return seen
}

/**
 * The mean of each picture's channels over the positions: `[positions, pictures x channels]` → `[pictures, channels]`. It is computed as an
 * average pool, because reductions and products with ones are slow on tfjs's wasm backend. The pictures become a side of the map and not
 * channels, because that backend silently fails with more than some thousand channels.
 */
export function pictureMeans(x: tf.Tensor, pictures: number): tf.Tensor2D {
  return tf.tidy(() => {
    const positions = x.shape[0]!
    const channels = x.shape[1]! / pictures
    // XNNPACK cannot pool a single value.
    if (positions === 1) return tf.reshape(x, [pictures, channels])
    const map = tf.reshape(x, [1, positions, pictures, channels]) as tf.Tensor4D
    return tf.reshape(tf.avgPool(map, [positions, 1], 1, 'valid'), [pictures, channels])
  })
}

/** The mean of each channel over all positions of all pictures: `[positions, pictures x channels]` → `[channels]`. */
export function channelMeans(x: tf.Tensor, pictures: number): tf.Tensor {
  return tidied(() => tf.reshape(pictureMeans(pictureMeans(x, pictures), 1), [-1]))
}

/** The sum of each channel over all positions of all pictures. */
export function channelSums(x: tf.Tensor, pictures: number): tf.Tensor {
  return tidied(() => tf.mul(channelMeans(x, pictures), x.shape[0]! * pictures))
}

/**
 * Repeats the innermost values of a tensor for each picture: `[rows, channels]` → `[rows, pictures x channels]`. It is computed as a
 * product with ones, because `tile` is slow on tfjs's wasm backend.
 */
export function forEachPicture(x: tf.Tensor, channels: number, pictures: number): tf.Tensor2D {
  const rows = x.size / channels
  return tf.tidy(() =>
    tf.reshape(tf.mul(tf.reshape(x, [rows, 1, channels]), tf.ones([1, pictures, 1])), [rows, pictures * channels]),
  )
}
