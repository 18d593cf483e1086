import * as tf from '@tensorflow/tfjs-core'

/**
 * `tf.tidy` for results of any type. It keeps the tensors in the result of `compute`, which may also contain nulls, and frees the others.
 */
export function tidied<Result>(compute: () => Result): Result {
  return tf.tidy(compute as unknown as () => tf.TensorContainer) as Result
}
