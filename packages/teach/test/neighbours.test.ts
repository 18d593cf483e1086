import { describe, expect, it } from 'vitest'
import { nearestNeighbours } from '../src/index.js'
import { seededExamples } from './support/seeded-examples.js'

describe('nearest neighbours', () => {
  it('name the class of a picture like those they know, with shares that sum to 1', () => {
    const examples = seededExamples([6, 6, 6, 6], 64)
    const classifier = nearestNeighbours(examples)
    for (const [picture, label] of examples.labels.entries()) {
      const noisy = examples.features.subarray(picture * 64, (picture + 1) * 64).map((value, place) => value + 0.05 * (place % 2))
      const answers = classifier.classify(noisy)
      expect(answers[0]!.label).toBe(`class ${label}`)
      expect(answers.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
    }
  })

  it('look at as many as they are told, and at all where there are fewer', () => {
    const examples = seededExamples([2, 2, 2], 64)
    const own = examples.features.slice(0, 64)
    expect(nearestNeighbours(examples, { neighbours: 1 }).classify(own)).toEqual([{ index: 0, label: 'class 0', share: 1 }])
    expect(nearestNeighbours(examples, { neighbours: 100 }).classify(own)).toHaveLength(3)
  })

  it('count alike for a picture whose features are all zero', () => {
    const answers = nearestNeighbours(seededExamples([2, 1], 8)).classify(new Float32Array(8))
    expect(answers.map(({ share }) => share)).toEqual([2 / 3, 1 / 3])
  })

  it('refuse what does not fit', () => {
    const examples = seededExamples([2, 2, 2], 64)
    const classifier = nearestNeighbours(examples)
    expect(() => classifier.classify(new Float32Array(63))).toThrow(/64 finite numbers/)
    expect(() => classifier.classify(new Float32Array(64).fill(NaN))).toThrow(/finite/)
    expect(() => classifier.classify(Array(64).fill(1) as never)).toThrow(/Float32Array/)
    expect(() => nearestNeighbours(examples, { neighbours: 0 })).toThrow(/option neighbours/)
    expect(() => nearestNeighbours(examples, { neighbors: 3 } as object)).toThrow(/option neighbors/)
    expect(() => nearestNeighbours({ ...examples, features: examples.features.map(() => NaN) })).toThrow(/finite/)
  })
})
