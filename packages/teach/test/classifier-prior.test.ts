import { seededValues } from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { createClassifierPrior } from '../src/classifier-prior.js'
import { type Classifier, type FeatureSet, type TrainHeadProgress, trainHead } from '../src/index.js'
import { choose, seededExamples } from './support/seeded-examples.js'

const length = 96
const [classes, used] = [60, 12]
/** Weighs the first features alone. */
const classifier: Classifier = {
  kernel: seededValues('classifier', length * classes, -1, 1).map((weight, at) => (at < used * classes ? weight : 0)),
}

/** Pictures of three classes which differ in a few features from `first` on, and noise in all. */
function picturesOf(perClass: number, first: number): FeatureSet {
  const noisy = seededExamples([perClass, perClass, perClass], length, 1)
  const patterns = seededValues('patterns', 3 * used, 0, 1)
  const features = seededValues('noise', noisy.features.length, 0, 1).map((noise, at) => {
    const [feature, label] = [(at % length) - first, noisy.labels[Math.floor(at / length)]!]
    return noise + (feature >= 0 && feature < used ? patterns[label * used + feature]! : 0)
  })
  return { ...noisy, features }
}

/** A head learns from the first `perClass` pictures of each class. Gives the share of the other pictures that it names rightly. */
async function accuracyOf(all: FeatureSet, perClass: number, known: Classifier | undefined): Promise<number> {
  const size = all.labels.length / 3
  const isLearned = (picture: number): boolean => picture % size < perClass
  const [learned, others] = [true, false].map((learned) =>
    choose(
      all,
      [...all.labels.keys()].filter((picture) => isLearned(picture) === learned),
    ),
  )
  const { kernel, bias } = await trainHead(learned!, { classifier: known })
  const right = others!.labels.filter((label, picture) => {
    const logits = [...bias].map((start, own) =>
      others!.features
        .subarray(picture * length, (picture + 1) * length)
        .reduce((sum, value, at) => sum + value * kernel[at * 3 + own]!, start),
    )
    return logits.indexOf(Math.max(...logits)) === label
  })
  return right.length / others!.labels.length
}

describe('the classifier of the backbone', () => {
  it('makes a head of few pictures better, as it knows which features matter', async () => {
    const all = picturesOf(200, 0)
    for (const perClass of [1, 2]) {
      const [known, plain] = [await accuracyOf(all, perClass, classifier), await accuracyOf(all, perClass, undefined)]
      expect(known).toBeGreaterThan(plain + 0.05)
    }
  })

  it('is left out where it knows nothing of these classes, as pictures that are held out tell', async () => {
    const all = picturesOf(30, used)
    expect(await trainHead(all, { classifier })).toEqual(await trainHead(all))
  })

  it('is left out where it has few classes, and where there are many pictures', async () => {
    const small = { kernel: classifier.kernel.slice(0, length * (length / 2 - 1)) }
    const all = picturesOf(4, 0)
    expect(await trainHead(all, { classifier: small })).toEqual(await trainHead(all))
    const many = picturesOf(334, 0)
    expect(await trainHead(many, { classifier, validation: 0 })).toEqual(await trainHead(many, { validation: 0 }))
  })

  it('is a linear map, and a layer does on features what it does on scores', async () => {
    const prior = await createClassifierPrior(classifier, length, () => undefined)
    const scores = await prior.scoresOf(picturesOf(1, 0))
    const width = length + classes
    expect(scores.length).toBe(width)
    const values = Float64Array.from(seededValues('layer', width, -1, 1))
    const { kernel, bias } = await prior.widen({ kernel: [values], bias: Float64Array.of(3) })
    expect([...bias]).toEqual([3])
    const dot = (row: Float32Array, weights: Float64Array): number => row.reduce((sum, value, at) => sum + value * weights[at]!, 0)
    for (let picture = 0; picture < 3; picture++) {
      const own = picturesOf(1, 0).features.subarray(picture * length, (picture + 1) * length)
      const scored = scores.features.subarray(picture * width, (picture + 1) * width)
      expect(dot(own, kernel[0]!)).toBeCloseTo(dot(scored, values), 3)
    }
  })

  it('does not hide how far a training is, nor which feature is wrong', async () => {
    for (const validation of ['auto', 0] as const) {
      const reports: TrainHeadProgress[] = []
      await trainHead(picturesOf(5, 0), { classifier, validation, onProgress: (progress) => reports.push(progress) })
      const shares = reports.map(({ done, total }) => done / total)
      expect(shares).toEqual(shares.toSorted((one, other) => one - other))
      expect(shares.at(-1)).toBe(1)
    }
    const all = picturesOf(5, 0)
    all.features[2 * length + 7] = Number.NaN
    await expect(trainHead(all, { classifier })).rejects.toMatchObject({
      code: 'INPUT',
      details: { where: 'examples.features: picture 2, feature 7' },
    })
  })

  it.each([
    ['none', null],
    ['of another length', { kernel: new Float32Array(length * 2 + 1) }],
    ['empty', { kernel: new Float32Array() }],
    ['of numbers', { kernel: [1, 2] }],
    ['with a weight that is no number', { kernel: new Float32Array(length * length).fill(Number.NaN) }],
  ])('is refused if it is %s', async (_, wrong) => {
    await expect(trainHead(picturesOf(2, 0), { classifier: wrong as unknown as Classifier })).rejects.toMatchObject({
      code: 'OPTION',
    })
  })
})
