import { seededValues } from '@mobilenetv2/testing'
import type { FeatureSet } from '../../src/index.js'

/**
 * Features as a pool of ReLU6 gives them: noise of 0 to `noise`, plus 0.5 in the features that belong to the class of the picture.
 * @param sizes the pictures of each class, which follow each other
 */
export function seededExamples(sizes: readonly number[], length: number, noise = 1): FeatureSet {
  const labels = sizes.flatMap((size, label) => Array.from({ length: size }, () => label))
  const draws = seededValues('features', labels.length * length, 0, noise)
  return {
    classNames: sizes.map((_, label) => `class ${label}`),
    labels,
    length,
    features: draws.map((value, at) => value + ((at % length) % sizes.length === labels[Math.floor(at / length)] ? 0.5 : 0)),
  }
}

/** Some of the pictures, in the order in which they are named. */
export function choose({ features, labels, length, classNames }: FeatureSet, pictures: readonly number[]): FeatureSet {
  const rows = pictures.flatMap((picture) => [...features.subarray(picture * length, (picture + 1) * length)])
  return { classNames, labels: pictures.map((picture) => labels[picture]!), length, features: Float32Array.from(rows) }
}
