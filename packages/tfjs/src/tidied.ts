import * as tf from '@tensorflow/tfjs-core'

/** `tf.tidy` for results of any shape: of the tensors that `compute` makes, those stay that its result holds, nulls allowed beside them. */
export function tidied<Result>(compute: () => Result): Result {
  return tf.tidy(compute as unknown as () => tf.TensorContainer) as Result
}
