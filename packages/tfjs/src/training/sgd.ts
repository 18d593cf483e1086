import * as tf from '@tensorflow/tfjs-core'

/** Stochastic gradient descent with momentum, as PyTorch's `SGD` computes it. */
export interface SgdOptions {
  /** Above 0; or a function of the epoch, counted from 0. */
  readonly learningRate: number | ((epoch: number) => number)
  /** 0 to 1 (exclusive); 0.9 unless given. */
  readonly momentum?: number | undefined
  /** Of every parameter, BatchNorm's too, added to its gradient: 0 or more; 0.00004 unless given (section 6.1 of the paper). */
  readonly weightDecay?: number | undefined
}

/** The options with their values, the learning rate of one epoch. */
export interface SgdStep {
  readonly learningRate: number
  readonly momentum: number
  readonly weightDecay: number
}

/** velocity' = momentum x velocity + gradient + decay x value; value' = value - rate x velocity'. */
export function sgdStep(
  value: tf.Tensor,
  gradient: tf.Tensor,
  velocity: tf.Tensor | null,
  { learningRate, momentum, weightDecay }: SgdStep,
): { value: tf.Tensor; velocity: tf.Tensor } {
  return tf.tidy(() => {
    const decayed = tf.add(gradient, tf.mul(value, weightDecay))
    const moved = velocity === null ? decayed : tf.add(tf.mul(velocity, momentum), decayed)
    return { value: tf.sub(value, tf.mul(moved, learningRate)), velocity: moved }
  })
}
