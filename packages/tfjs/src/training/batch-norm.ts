import * as tf from '@tensorflow/tfjs-core'
import { tidied } from '../tidied.js'
import { channelMeans, forEachPicture } from './rows.js'

/** BatchNorm's output for one batch, its statistics, and what its gradients need. Tensors are `[positions, pictures x channels]`. */
export interface Normalized {
  readonly output: tf.Tensor
  readonly centred: tf.Tensor
  /** 1 / sqrt(variance + epsilon), `[channels]`. */
  readonly scale: tf.Tensor
  /** The mean of the batch, `[channels]`. */
  readonly mean: tf.Tensor
  /** The biased variance of the batch, `[channels]`. */
  readonly variance: tf.Tensor
}

/** BatchNorm with the statistics of the batch, as PyTorch's `BatchNorm2d` computes it in training. */
export function batchNorm(
  x: tf.Tensor,
  { gamma, beta }: { readonly gamma: tf.Tensor; readonly beta: tf.Tensor },
  pictures: number,
  epsilon: number,
): Normalized {
  return tidied(() => {
    const mean = channelMeans(x, pictures)
    const wide = (values: tf.Tensor): tf.Tensor => forEachPicture(values, values.size, pictures)
    const centred = tf.sub(x, wide(mean))
    const variance = channelMeans(tf.square(centred), pictures)
    const scale = tf.rsqrt(tf.add(variance, epsilon))
    const output = tf.add(tf.mul(centred, wide(tf.mul(scale, gamma))), wide(beta))
    return { output, centred, scale, mean, variance }
  })
}

/** The gradients of `batchNorm`, including those through the mean and variance of the batch. */
export function batchNormGradients(
  { centred, scale }: Pick<Normalized, 'centred' | 'scale'>,
  gamma: tf.Tensor,
  gradient: tf.Tensor,
  pictures: number,
): { input: tf.Tensor; gamma: tf.Tensor; beta: tf.Tensor } {
  return tidied(() => {
    const count = gradient.shape[0]! * pictures
    const wide = (values: tf.Tensor): tf.Tensor => forEachPicture(values, values.size, pictures)
    const ofBeta = channelMeans(gradient, pictures)
    const ofGamma = tf.mul(channelMeans(tf.mul(gradient, centred), pictures), scale)
    const factor = tf.mul(gamma, scale)
    const throughVariance = tf.mul(centred, wide(tf.mul(tf.mul(ofGamma, scale), factor)))
    const direct = tf.sub(tf.mul(gradient, wide(factor)), wide(tf.mul(ofBeta, factor)))
    return { input: tf.sub(direct, throughVariance), gamma: tf.mul(ofGamma, count), beta: tf.mul(ofBeta, count) }
  })
}
