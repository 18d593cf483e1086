import * as tf from '@tensorflow/tfjs-core'
import { tidied } from '../tidied.js'
import { columnSums } from './linear.js'

/** How much of a batch's statistics the running averages take in (PyTorch's `momentum` of BatchNorm). */
const averaging = 0.1

/** BatchNorm's result on one batch, the averages after it, and what its gradients need; rows are positions of all pictures. */
export interface Normalized {
  /** `[positions, channels]` */
  readonly output: tf.Tensor
  readonly normalized: tf.Tensor
  /** 1 / sqrt(variance + epsilon), `[channels]`. */
  readonly scale: tf.Tensor
  readonly mean: tf.Tensor
  readonly variance: tf.Tensor
}

/**
 * BatchNorm with the statistics of the batch, as PyTorch's `BatchNorm2d` trains: the variance that normalises is the biased one, the
 * one that the running average takes in is the unbiased one.
 */
export function batchNorm(
  x: tf.Tensor,
  learned: { readonly gamma: tf.Tensor; readonly beta: tf.Tensor },
  running: { readonly mean: tf.Tensor; readonly variance: tf.Tensor },
  epsilon: number,
): Normalized {
  return tidied(() => {
    const positions = x.shape[0]!
    const mean = tf.div(columnSums(x), positions)
    const centred = tf.sub(x, mean)
    const variance = tf.div(columnSums(tf.square(centred)), positions)
    const scale = tf.rsqrt(tf.add(variance, epsilon))
    const normalized = tf.mul(centred, scale)
    const average = (before: tf.Tensor, now: tf.Tensor): tf.Tensor => tf.add(tf.mul(before, 1 - averaging), tf.mul(now, averaging))
    return {
      output: tf.add(tf.mul(normalized, learned.gamma), learned.beta),
      normalized,
      scale,
      mean: average(running.mean, mean),
      variance: average(running.variance, tf.mul(variance, positions / (positions - 1))),
    }
  })
}

/** The gradients of `batchNorm`, through the batch's mean and variance too. */
export function batchNormGradients(
  { normalized, scale }: Pick<Normalized, 'normalized' | 'scale'>,
  gamma: tf.Tensor,
  gradient: tf.Tensor,
): { input: tf.Tensor; gamma: tf.Tensor; beta: tf.Tensor } {
  return tidied(() => {
    const positions = gradient.shape[0]!
    const ofBeta = columnSums(gradient)
    const ofGamma = columnSums(tf.mul(gradient, normalized))
    const throughMean = tf.div(ofBeta, positions)
    const throughVariance = tf.mul(normalized, tf.div(ofGamma, positions))
    const inner = tf.sub(tf.sub(gradient, throughMean), throughVariance)
    return { input: tf.mul(inner, tf.mul(gamma, scale)), gamma: ofGamma, beta: ofBeta }
  })
}
