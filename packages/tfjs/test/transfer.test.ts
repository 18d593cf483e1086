import { type BottleneckRow, defineMobileNetV2, type Parameters, type Preprocessing } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput, seededParameters, seededValues } from '@mobilenetv2/testing'
import { readNetwork, toSafetensors, withHead } from '@mobilenetv2/weights'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { computeFeatures, datasetOf, type FeatureSet, nearestNeighbours, tfjs, trainHead } from '../src/index.js'
import { confusionMatrix } from '../src/transfer/confusion.js'
import { splitByClass } from '../src/transfer/split.js'
import { useBackend } from './support/backends.js'

let tensorsBefore: number
beforeAll(() => useBackend('wasm'))
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors
})
afterEach(() => expect(tf.memory().numTensors).toBe(tensorsBefore))

/** Features as a pool of ReLU6 gives them: noise of 0 to 1, and more of it where the class is. */
function seededFeatures(classes: number, perClass: number, length = 64, noise = 1): FeatureSet {
  const labels = Array.from({ length: classes * perClass }, (_, picture) => picture % classes)
  const draws = seededValues('features', labels.length * length, 0, noise)
  const features = draws.map(
    (value, index) => value + ((index % length) % classes === labels[Math.floor(index / length)] ? 0.5 : 0),
  )
  return { classNames: Array.from({ length: classes }, (_, index) => `class ${index}`), labels, length, features }
}

describe('a head', () => {
  it('of 10 classes learns all that it is trained on', async () => {
    const { training, validation, epoch } = await trainHead(seededFeatures(10, 5), { validation: 0 })
    expect(training.accuracy).toBe(1)
    expect(training.counts.flatMap((row, label) => row.filter((count, answer) => count > 0 && answer !== label))).toEqual([])
    expect(validation).toBeNull()
    expect(epoch).toBe(300)
  })

  it('is equal for equal seeds, and judged by other pictures for another', async () => {
    const examples = seededFeatures(4, 10, 32, 2)
    const [one, same, other] = [await trainHead(examples), await trainHead(examples), await trainHead(examples, { seed: 1 })]
    expect(same).toEqual(one)
    expect(other!.kernel).not.toEqual(one!.kernel)
  })

  it('ends early, and keeps the epoch with the smallest loss on the pictures set aside', async () => {
    const losses: number[] = []
    const onProgress = ({ validationLoss }: { validationLoss: number | null }): unknown => losses.push(validationLoss!)
    const head = await trainHead(seededFeatures(5, 10, 64, 6), { patience: 10, onProgress })
    expect(losses.length).toBeLessThan(300)
    expect(losses.indexOf(Math.min(...losses))).toBe(head.epoch - 1)
    expect(losses).toHaveLength(head.epoch + 10)
    expect(head.validation!.counts.flat().reduce((sum, count) => sum + count)).toBe(10)
  })

  it('can be aborted', async () => {
    const controller = new AbortController()
    const stopped = trainHead(seededFeatures(3, 3), { signal: controller.signal, onProgress: () => controller.abort('enough') })
    await expect(stopped).rejects.toBe('enough')
  })

  it.each<[string, Partial<FeatureSet>]>([
    ['a class without pictures', { labels: [0, 1, 0, 1, 0, 1] }],
    ['labels and features that do not fit', { length: 63 }],
    ['a feature that is NaN', { features: new Float32Array(6 * 64).fill(NaN) }],
  ])('refuses %s with INPUT', async (_title, wrong) => {
    await expect(trainHead({ ...seededFeatures(3, 2), ...wrong })).rejects.toMatchObject({ code: 'INPUT' })
  })

  it.each([{ epochs: 0 }, { patience: 0.5 }, { validation: 1 }, { seed: NaN }, { patiense: 3 }])(
    'refuses %j with OPTION',
    async (wrong) => {
      await expect(trainHead(seededFeatures(3, 2), wrong)).rejects.toMatchObject({ code: 'OPTION' })
    },
  )

  it('learns from pictures that are all alike what can be learnt', async () => {
    const examples = seededFeatures(2, 4)
    const { training } = await trainHead({ ...examples, features: examples.features.fill(1) })
    expect(training.accuracy).toBe(0.5)
  })
})

const table: readonly BottleneckRow[] = [
  [1, 8, 1, 1],
  [6, 16, 2, 2],
]
const options = { table, height: 24, width: 24, headChannels: 64 }
const preprocessing: Preprocessing = {
  geometry: { kind: 'stretch' },
  interpolation: 'bilinear',
  mean: [0.5, 0.5, 0.5],
  deviation: [0.5, 0.5, 0.5],
}

describe('a frozen backbone with a new head', () => {
  const architecture = defineMobileNetV2({ ...options, classes: 7 })
  const parameters: Parameters = seededParameters(architecture)
  const examples = Array.from({ length: 12 }, (_, index) => ({
    height: 24,
    width: 24,
    pixels: seededInput(architecture, 1, index).map((value) => value + 0.5 * (index % 3)),
    label: ['cat', 'dog', 'owl'][index % 3]!,
  }))

  it('is a model like any other: saved, loaded, and of equal logits', async () => {
    const backbone = await tfjs().compile(architecture, parameters)
    const done: number[] = []
    const features = await computeFeatures(backbone, datasetOf(examples), { onProgress: (progress) => done.push(progress.done) })
    backbone.dispose()
    expect(done).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
    const head = await trainHead(features, { validation: 0 })
    expect(head.training.accuracy).toBe(1)

    const backboneFile = toSafetensors({
      options: { ...options, classes: 7 },
      parameters,
      preprocessing,
      classes: { labels: [], background: 0, output: 'sigmoid' },
    })
    const taught = withHead(await readNetwork(backboneFile), { ...head, labels: head.classNames })
    const network = await readNetwork(toSafetensors(taught))
    expect(network.classes).toMatchObject({ labels: ['cat', 'dog', 'owl'], background: null, output: 'softmax' })
    const loaded = network.architecture
    const compiled = await tfjs().compile(loaded, network.parameters)
    const input = Float32Array.from(examples.flatMap(({ pixels }) => [...pixels]))
    const { logits } = await compiled.run(input, { batch: 12 })
    compiled.dispose()
    expectAllClose(logits, runReference(loaded, taught.parameters, input, { batch: 12 }).logits, { relative: 1e-4 })
    const answers = examples.map((_, picture) => {
      const row = [...logits.subarray(3 * picture, 3 * picture + 3)]
      return head.classNames[row.indexOf(Math.max(...row))]
    })
    expect(answers).toEqual(examples.map(({ label }) => label))
  })

  it('refuses pictures of another size, and leaves nothing', async () => {
    const backbone = await tfjs().compile(architecture, parameters)
    const mixed = datasetOf([...examples, { ...examples[0]!, height: 12, width: 48 }])
    await expect(computeFeatures(backbone, mixed)).rejects.toThrow(/picture 12[\s\S]*got: \[12, 48, 3\]/)
    await expect(computeFeatures(backbone, mixed, { onProgres: () => undefined } as object)).rejects.toThrow('option onProgres')
    backbone.dispose()
    await expect(computeFeatures(backbone, datasetOf(examples))).rejects.toMatchObject({ code: 'DISPOSED' })
  })
})

describe('nearest neighbours', () => {
  it('name the class of a picture like those they know, with shares that sum to 1', () => {
    const examples = seededFeatures(4, 6)
    const classifier = nearestNeighbours(examples)
    for (const [picture, label] of examples.labels.entries()) {
      const noisy = examples.features.subarray(picture * 64, (picture + 1) * 64).map((value, place) => value + 0.05 * (place % 2))
      const answers = classifier.classify(noisy)
      expect(answers[0]!.label).toBe(`class ${label}`)
      expect(answers.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
    }
  })

  it('look at as many as they are told, and at all where there are fewer', () => {
    const examples = seededFeatures(3, 2)
    const own = examples.features.subarray(0, 64)
    expect(nearestNeighbours(examples, { neighbours: 1 }).classify(own)).toEqual([{ index: 0, label: 'class 0', share: 1 }])
    expect(nearestNeighbours(examples, { neighbours: 100 }).classify(own)).toHaveLength(3)
  })

  it('refuse what does not fit', () => {
    const classifier = nearestNeighbours(seededFeatures(3, 2))
    expect(() => classifier.classify(new Float32Array(63))).toThrow(/64 finite numbers/)
    expect(() => classifier.classify(new Float32Array(64).fill(NaN))).toThrow(/not finite/)
    expect(() => nearestNeighbours(seededFeatures(3, 2), { neighbours: 0 })).toThrow(/option neighbours/)
    expect(() => nearestNeighbours(seededFeatures(3, 2), { neighbors: 3 } as object)).toThrow(/option neighbors/)
  })
})

describe('the parts', () => {
  it('counts what was taken for what', () => {
    const { counts, accuracy } = confusionMatrix(['a', 'b'], [0, 0, 1, 1], [0, 1, 1, 1])
    expect(counts).toEqual([
      [1, 1],
      [0, 2],
    ])
    expect(accuracy).toBe(0.75)
  })

  it('sets a share of each class aside, never its last picture', () => {
    const labels = [...Array.from({ length: 20 }, (_, picture) => picture % 2), 2]
    const { training, validation } = splitByClass(labels, 0.3, 0)
    expect([...training, ...validation].toSorted((one, other) => one - other)).toEqual(labels.map((_, picture) => picture))
    expect(validation.map((picture) => labels[picture])).toEqual([0, 0, 0, 1, 1, 1])
  })
})
