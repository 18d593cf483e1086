import * as tf from '@tensorflow/tfjs-core'

/** Stochastic gradient descent with momentum, as the heads of `transfer` train. */
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
