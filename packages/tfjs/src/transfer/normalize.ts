import type { FeatureSet } from './features.js'

/** Features about their mean, and of one mean length; and the same done to a kernel and a bias the other way round. */
export interface NormalizedFeatures {
  /** `[pictures, length]`; the mean square of a picture's length is 1. */
  readonly features: Float32Array
  /** A layer that does on features as they were what `kernel` `[length, classes]` and `bias` do on these. */
  restore(kernel: Float32Array, bias: Float32Array): { kernel: Float32Array; bias: Float32Array }
}

/** Features on the scale on which gradient descent is quick and safe. */
export function normalizeFeatures({ features, length, labels }: FeatureSet): NormalizedFeatures {
  const mean = new Float64Array(length)
  features.forEach((value, index) => {
    mean[index % length]! += value / labels.length
  })
  const squares = features.reduce((sum, value, index) => sum + (value - mean[index % length]!) ** 2, 0)
  // Pictures that are all alike have no length.
  const scale = squares > 0 ? Math.sqrt(labels.length / squares) : 1
  return {
    features: features.map((value, index) => (value - mean[index % length]!) * scale),
    restore(kernel, bias) {
      const classes = bias.length
      const shifted = Float64Array.from(bias)
      kernel.forEach((weight, index) => {
        shifted[index % classes]! -= weight * scale * mean[Math.floor(index / classes)]!
      })
      return { kernel: kernel.map((weight) => weight * scale), bias: new Float32Array(shifted) }
    },
  }
}
