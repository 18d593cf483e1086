import { expectAllClose } from '@mobilenetv2/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FeatureSet, type TrainHeadOptions, type TrainHeadProgress, trainHead } from '../src/index.js'
import { choose, seededExamples } from './support/seeded-examples.js'

/** The class with the largest logit of each picture. */
function answersOf(
  { kernel, bias }: { kernel: Float32Array; bias: Float32Array },
  { features, labels, length }: FeatureSet,
): number[] {
  return labels.map((_, picture) => {
    const logits = [...bias].map((start, label) => {
      let sum = start
      for (let at = 0; at < length; at++) sum += features[picture * length + at]! * kernel[at * bias.length + label]!
      return sum
    })
    return logits.indexOf(Math.max(...logits))
  })
}

const total = (counts: readonly (readonly number[])[]): number => counts.flat().reduce((sum, count) => sum + count, 0)

describe('a head', () => {
  it('of 10 classes learns all that it is trained on, and its matrix says what its kernel does', async () => {
    const examples = seededExamples(Array(10).fill(5), 64)
    const head = await trainHead(examples)
    expect(head.training.accuracy).toBe(1)
    expect(answersOf(head, examples)).toEqual(examples.labels)
    expect(head.kernel).toHaveLength(64 * 10)
  })

  it('learns from pictures that are all alike what can be learnt', async () => {
    const examples = seededExamples([4, 4], 64)
    const { training, kernel } = await trainHead({ ...examples, features: examples.features.fill(1) })
    expect(training.accuracy).toBe(0.5)
    expect(kernel.every(Number.isFinite)).toBe(true)
  })

  it('learns from features that are all zero which class has the most pictures', async () => {
    const examples = seededExamples([2, 7], 16)
    const { training } = await trainHead({ ...examples, features: examples.features.fill(0) })
    expect(training.counts).toEqual([
      [0, 2],
      [0, 7],
    ])
  })

  it('is equal for equal seeds, and judged by other pictures for another', async () => {
    const examples = seededExamples([10, 10, 10, 10], 32, 3)
    const [one, same, other] = [await trainHead(examples), await trainHead(examples), await trainHead(examples, { seed: 1 })]
    expect(same).toEqual(one)
    expect(other!.validation!.loss).not.toBe(one!.validation!.loss)
  })

  it('does not depend on the order of the pictures, nor on the scale of the features', async () => {
    const examples = seededExamples([5, 9, 3], 24, 2)
    const straight = await trainHead(examples, { validation: 0 })
    const order = fc.shuffledSubarray([...examples.labels.keys()], { minLength: examples.labels.length })
    const check = async (pictures: number[], scale: number): Promise<void> => {
      const mixed = choose(examples, pictures)
      const head = await trainHead({ ...mixed, features: mixed.features.map((value) => value * scale) }, { validation: 0 })
      expectAllClose(
        head.kernel.map((value) => value * scale),
        straight.kernel,
        { relative: 1e-3 },
      )
      expectAllClose(head.bias, straight.bias, { relative: 1e-3 })
    }
    await fc.assert(fc.asyncProperty(order, fc.constantFrom(1 / 1024, 1, 4096), check), { numRuns: 10 })
  })

  it('learns from a picture of weight 2 as from that picture twice, be they few or many', async () => {
    const examples = seededExamples([300, 250], 12, 4)
    const twice = choose(examples, [...examples.labels.keys(), ...examples.labels.keys()])
    const weighted = await trainHead(examples, { validation: 0, classWeights: [2, 2] })
    const head = await trainHead(twice, { validation: 0 })
    // Of many pictures the minimum is found less exactly.
    expectAllClose(head.kernel, weighted.kernel, { relative: 0.15 })
  })

  it('says the smaller class more often where classes count alike', async () => {
    const examples = seededExamples([200, 8], 6, 4)
    const said = async (options: TrainHeadOptions): Promise<number> =>
      (await trainHead(examples, options)).training.counts.reduce((sum, row) => sum + row[1]!, 0)
    expect(await said({ classWeights: 'balanced' })).toBeGreaterThan(2 * (await said({})))
  })
})

it('a class of few pictures is named where it is right, though new pictures lie farther from it than those few', async () => {
  const all = seededExamples([100, 50], 200, 4)
  const known = (picture: number): boolean => picture < 59 || (picture >= 100 && picture < 103)
  const learned = choose(all, [...all.labels.keys()].filter(known))
  const others = choose(
    all,
    [...all.labels.keys()].filter((picture) => !known(picture)),
  )
  const sharesOf = async (options: TrainHeadOptions): Promise<number[]> => {
    const answers = answersOf(await trainHead(learned, { classWeights: 'balanced', ...options }), others)
    return [0, 1].map((label) => {
      const own = answers.filter((_, picture) => others.labels[picture] === label)
      return own.filter((answer) => answer === label).length / own.length
    })
  }
  const [evened, plain] = [await sharesOf({}), await sharesOf({ validation: 0 })]
  expect(plain[1]).toBeLessThan(0.2)
  expect(evened[1]).toBeGreaterThan(plain[1]! + 0.5)
  expect(evened[0]! + evened[1]!).toBeGreaterThan(plain[0]! + plain[1]! + 0.5)
})

describe('validation', () => {
  it('is by five folds where pictures are few, and judges each once', async () => {
    const { validation } = await trainHead(seededExamples([12, 9, 7], 32))
    expect(validation).toMatchObject({ how: { kind: 'folds', folds: 5 } })
    expect(validation!.counts.map((row) => row.reduce((sum, count) => sum + count))).toEqual([12, 9, 7])
    expect(validation!.accuracy).toBeGreaterThan(0.5)
  })

  it('has as many folds as the largest class has pictures, and never holds out the only picture of a class', async () => {
    const { validation } = await trainHead(seededExamples([3, 1, 2], 32))
    expect(validation!.how).toEqual({ kind: 'folds', folds: 3, pictures: 5 })
    expect(validation!.counts.map((row) => row.reduce((sum, count) => sum + count))).toEqual([3, 0, 2])
  })

  it('is none with one or two pictures of each class, and the report says so', async () => {
    const { validation, warnings } = await trainHead(seededExamples([2, 1], 32))
    expect(validation).toBeNull()
    expect(warnings.map(({ kind }) => kind)).toEqual(['few-pictures', 'not-validated'])
  })

  it('is by a fifth of each class where pictures are many', async () => {
    const { validation, training } = await trainHead(seededExamples([900, 601], 8, 4))
    expect(validation!.how).toEqual({ kind: 'held-out', pictures: 300 })
    expect(total(validation!.counts)).toBe(300)
    expect(total(training.counts)).toBe(1501)
  })

  it('is by the share that is asked for', async () => {
    const { validation } = await trainHead(seededExamples([10, 6], 32), { validation: 0.5 })
    expect(validation!.counts.map((row) => row.reduce((sum, count) => sum + count))).toEqual([5, 3])
  })

  it('is by other examples, with the head itself', async () => {
    const examples = seededExamples([9, 9], 32, 3)
    const own = choose(examples, [0, 1, 2, 12, 13])
    const learned = choose(examples, [3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 17])
    const { validation, warnings, ...head } = await trainHead(learned, { validation: own })
    expect(validation!.how).toEqual({ kind: 'own-examples', pictures: 5 })
    const right = answersOf(head, own).filter((answer, picture) => answer === own.labels[picture])
    expect(validation!.accuracy).toBe(right.length / 5)
    expect(warnings).toEqual([])
  })

  it('chooses a strong penalty where classes overlap, and a weak one where they do not', async () => {
    const apart = await trainHead(seededExamples([40, 40], 40, 0.2))
    const overlapping = await trainHead(seededExamples([200, 200], 40, 20))
    expect(apart.penalty).toBe(1 / 5000)
    expect(overlapping.penalty).toBe(1 / 5)
  })

  it('fits part of very many pictures first, then all', async () => {
    const progress: TrainHeadProgress[] = []
    const examples = seededExamples([3500, 3000], 4, 2)
    const { validation } = await trainHead(examples, { onProgress: (now) => progress.push(now) })
    expect(validation!.how).toEqual({ kind: 'held-out', pictures: 1300 })
    expect(validation!.accuracy).toBeGreaterThan(0.6)
    expect(progress.at(-1)).toMatchObject({ done: 6, total: 6 })
  })
})

describe('warnings', () => {
  it('name classes of far different sizes, unless they are weighted', async () => {
    const examples = seededExamples([20, 4], 32)
    const { warnings } = await trainHead(examples)
    expect(warnings).toEqual([
      {
        kind: 'unequal-classes',
        smallest: { name: 'class 1', pictures: 4 },
        largest: { name: 'class 0', pictures: 20 },
        message:
          '"class 0" has 20 pictures, "class 1" has 4 pictures: the head will say the larger class too often. Add pictures, or let all classes count alike (balanced class weights).',
      },
    ])
    expect((await trainHead(examples, { classWeights: 'balanced' })).warnings).toEqual([])
  })

  it('name classes of fewer than 3 pictures', async () => {
    const { warnings } = await trainHead(seededExamples([4, 2, 1], 32))
    expect(warnings).toEqual([
      {
        kind: 'few-pictures',
        classes: [
          { name: 'class 2', pictures: 1 },
          { name: 'class 1', pictures: 2 },
        ],
        message: 'Fewer than 3 pictures show 2 classes: "class 2", "class 1". Add pictures.',
      },
    ])
  })

  it('name duplicates on both sides of a split', async () => {
    const examples = seededExamples([6, 6], 32)
    const known = { validation: 0.5, seed: 3 }
    expect((await trainHead(examples, known)).warnings).toEqual([])
    // A class of one picture six times has it on both sides.
    const same = choose(examples, [0, 0, 0, 0, 0, 0, 6, 7, 8, 9, 10, 11])
    const { warnings } = await trainHead(same, known)
    const [warning] = warnings
    expect(warning).toMatchObject({ kind: 'duplicates' })
    if (warning?.kind !== 'duplicates') throw new Error('no duplicates')
    expect(warning.pairs).toHaveLength(3)
    for (const { held, training } of warning.pairs) {
      expect(held).not.toBe(training)
      expect(Math.max(held, training)).toBeLessThan(6)
    }
    expect(warning.message).toMatch(/^3 pictures by which the head was judged are also/)
  })

  it('name pictures that are both in the examples and in the own examples to judge by', async () => {
    const examples = seededExamples([6, 6], 32)
    const { warnings } = await trainHead(examples, { validation: choose(examples, [7]) })
    expect(warnings).toMatchObject([{ kind: 'duplicates', pairs: [{ held: 0, training: 7 }] }])
  })
})

describe('a training', () => {
  it('tells how far it is', async () => {
    const progress: TrainHeadProgress[] = []
    await trainHead(seededExamples([6, 6], 32), { onProgress: (now) => progress.push(now) })
    expect(progress[0]).toMatchObject({ done: 0, total: 21, step: 1 })
    expect(progress.at(-1)).toMatchObject({ done: 21, total: 21 })
    for (const [index, { done, step, loss }] of progress.entries()) {
      const before = progress[index - 1]
      expect(done).toBeGreaterThanOrEqual(before?.done ?? 0)
      expect(loss).toBeGreaterThan(0)
      if (before?.done === done) {
        expect(step).toBe(before.step + 1)
        expect(loss).toBeLessThanOrEqual(before.loss)
      }
    }
  })

  it('can be aborted, before it starts and on its way', async () => {
    const examples = seededExamples([6, 6], 32)
    await expect(trainHead(examples, { signal: AbortSignal.abort('never') })).rejects.toBe('never')
    const controller = new AbortController()
    const stopped = trainHead(examples, { signal: controller.signal, onProgress: () => controller.abort('enough') })
    await expect(stopped).rejects.toBe('enough')
  })
})

describe('refused with INPUT', () => {
  it.each<[string, object, RegExp]>([
    ['features in a plain array', { features: Array(6 * 8).fill(1) }, /not a Float32Array[\s\S]*got: Array/],
    ['features of float64', { features: new Float64Array(6 * 8) }, /not a Float32Array[\s\S]*got: Float64Array/],
    ['a feature that is NaN', { features: new Float32Array(6 * 8).fill(NaN, 21, 22) }, /picture 2, feature 5[\s\S]*got: NaN/],
    ['an infinite feature', { features: new Float32Array(6 * 8).fill(-Infinity, 8, 9) }, /picture 1, feature 0/],
    ['features that do not fit the labels', { length: 7 }, /6 x 7 values/],
    ['a length that is no integer', { length: 0.5 }, /examples\.length/],
    ['class names that are no array', { classNames: 'abc' }, /classNames/],
    ['two classes of one name', { classNames: ['a', 'b', 'a'] }, /same name[\s\S]*"a" as class 0 and as class 2/],
    ['labels that are no plain array', { labels: new Uint8Array(6) }, /labels/],
    ['a label out of range', { labels: [0, 0, 1, 1, 2, 3] }, /labels\[5\][\s\S]*0 to 2[\s\S]*got: 3/],
    ['a label that is no integer', { labels: [0, 0.5, 1, 1, 2, 2] }, /labels\[1\]/],
    ['a class without pictures', { labels: [0, 0, 2, 2, 2, 2] }, /class 1, "class 1"/],
    ['no pictures', { labels: [], features: new Float32Array(0) }, /no pictures/],
    ['one class', { classNames: ['only'], labels: [0, 0, 0, 0, 0, 0] }, /two classes or more[\s\S]*1 class/],
  ])('%s', async (_title, wrong, message) => {
    const refused = trainHead({ ...seededExamples([2, 2, 2], 8), ...wrong })
    await expect(refused).rejects.toMatchObject({ code: 'INPUT', message: expect.stringMatching(message) })
  })

  it('examples that are null', async () => {
    await expect(trainHead(null as never)).rejects.toMatchObject({ code: 'INPUT' })
  })

  it('own examples to judge by with a feature that is NaN', async () => {
    const examples = seededExamples([2, 2, 2], 8)
    const validation = { ...examples, features: examples.features.map((value, at) => (at === 9 ? NaN : value)) }
    await expect(trainHead(examples, { validation })).rejects.toThrow(/validation\.features: picture 1, feature 1/)
  })
})

describe('refused with OPTION', () => {
  const examples = seededExamples([2, 2, 2], 8)
  it.each<[string, object, RegExp]>([
    ['an unknown option', { epochs: 3 }, /option epochs/],
    ['a share of 1', { validation: 1 }, /option validation/],
    ['a share that is NaN', { validation: NaN }, /option validation/],
    ['a validation of another kind', { validation: 'none' }, /option validation/],
    ['own examples of other classes', { validation: { ...examples, classNames: ['a', 'b', 'c'] } }, /same classes/],
    ['own examples of fewer classes', { validation: seededExamples([3, 3], 8) }, /same classes/],
    ['own examples of another length', { validation: seededExamples([2, 2, 2], 9) }, /8 features a picture/],
    ['too few class weights', { classWeights: [1, 1] }, /3 numbers/],
    ['a negative class weight', { classWeights: [1, -1, 1] }, /classWeights\[1\]/],
    ['a class weight that is NaN', { classWeights: [1, 1, NaN] }, /classWeights\[2\]/],
    ['class weights of another name', { classWeights: 'equal' }, /classWeights/],
    ['a seed that is no integer', { seed: 0.5 }, /option seed/],
    ['an onProgress that is no function', { onProgress: 3 }, /option onProgress/],
    ['a signal that is no AbortSignal', { signal: {} }, /option signal/],
  ])('%s', async (_title, wrong, message) => {
    await expect(trainHead(examples, wrong)).rejects.toMatchObject({ code: 'OPTION', message: expect.stringMatching(message) })
  })
})

describe('refused with PARAMETERS', () => {
  it('weights with which the loss is no finite number, with the step', async () => {
    const diverging = trainHead(seededExamples([3, 3], 8), { classWeights: [1e308, 1e308] })
    await expect(diverging).rejects.toMatchObject({ code: 'PARAMETERS', message: expect.stringMatching(/step 1/) })
  })
})
