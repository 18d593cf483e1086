import * as tf from '@tensorflow/tfjs-core'

/**
 * The mean cross-entropy of a batch and its gradient with respect to the logits, as PyTorch's `CrossEntropyLoss` with
 * `label_smoothing`: the target is smoothing / classes for each class, plus 1 - smoothing for the right class.
 * @param logits `[batch, classes]`
 * @param labels `[batch]`, class indices
 * @param smoothing 0 to below 1
 * @param classWeights the weight of a picture of each class, with the mean 1 over all pictures of the dataset; null if all weigh 1
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  labels: readonly number[],
  smoothing: number,
  classWeights: readonly number[] | null,
): { loss: tf.Scalar; gradient: tf.Tensor2D } {
  return tf.tidy(() => {
    const [batch, classes] = logits.shape
    const values = new Float32Array(batch * classes).fill(smoothing / classes)
    labels.forEach((label, picture) => {
      values[picture * classes + label]! += 1 - smoothing
    })
    const targets = tf.tensor2d(values, [batch, classes])
    const shifted = tf.sub(logits, tf.max(logits, 1, true))
    const logProbabilities = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)))
    const shares = tf.tensor2d(
      labels.map((label) => (classWeights?.[label] ?? 1) / batch),
      [batch, 1],
    )
    return {
      loss: tf.neg(tf.sum(tf.mul(shares, tf.mul(targets, logProbabilities)))) as tf.Scalar,
      gradient: tf.mul(shares, tf.sub(tf.exp(logProbabilities), targets)) as tf.Tensor2D,
    }
  })
}
