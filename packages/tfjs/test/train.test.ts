import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  cosine,
  decodeTrainingCheckpoint,
  encodeTrainingCheckpoint,
  foldParameters,
  initialParameters,
  type Moment,
  randomCrop,
  randomFlip,
  type TrainingCheckpoint,
  type TrainOptions,
  tfjs,
  train,
} from '../src/index.js'
import { datasetOf } from '../src/training/dataset.js'
import { useBackend } from './support/backends.js'
import { smallArchitecture, smallExamples, smallTraining } from './support/small-training.js'

let tensorsBefore: number
beforeAll(() => useBackend('wasm'))
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors
})
afterEach(() => expect(tf.memory().numTensors).toBe(tensorsBefore))

describe('a training', () => {
  it('learns its dataset, and its parameters run in inference', async () => {
    const examples = smallExamples(24)
    const dataset = datasetOf(examples)
    const { parameters, losses } = await train({ ...smallTraining, dataset, epochs: 20, batch: 8 })
    expect(losses.at(-1)).toBeLessThan(0.2)
    const model = await tfjs().compile(smallArchitecture, parameters)
    const input = Float32Array.from(examples.flatMap(({ pixels }) => [...pixels]))
    const { logits } = await model.run(input, { batch: examples.length })
    model.dispose()
    const answers = examples.map((_, index) => {
      const row = [...logits.subarray(3 * index, 3 * index + 3)]
      return row.indexOf(Math.max(...row))
    })
    expect(answers).toEqual(dataset.labels)
  })

  it('reports every step, with the epoch it belongs to', async () => {
    const seen: [number, number, number][] = []
    await train({ ...smallTraining, epochs: 2, onProgress: ({ done, total, epoch }) => seen.push([done, total, epoch]) })
    expect(seen).toEqual([0, 0, 0, 1, 1, 1].map((epoch, index) => [index + 1, 6, epoch]))
  })

  it('follows a learning rate that is a function of the epoch', async () => {
    const epochs: number[] = []
    const learningRate = ({ epoch }: Moment): number => {
      epochs.push(epoch)
      return epoch === 0 ? 0.1 : 0
    }
    const once = await train({ ...smallTraining, epochs: 1, optimizer: { learningRate: 0.1 } })
    const twice = await train({ ...smallTraining, epochs: 2, optimizer: { learningRate } })
    expect(epochs).toEqual([0, 0, 0, 1, 1, 1])
    expect(twice.unfolded.get('stem')!.kernel).toEqual(once.unfolded.get('stem')!.kernel)
  })

  it('starts from folded parameters too, and keeps them folded', async () => {
    const parameters = foldParameters(smallArchitecture, smallTraining.parameters)
    const { unfolded } = await train({ ...smallTraining, parameters, epochs: 1, optimizer: { learningRate: 0.01 } })
    expect(Object.keys(unfolded.get('block2.expand')!)).toEqual(['kernel', 'bias'])
    expect(unfolded.get('block2.expand')!.kernel).not.toEqual(parameters.get('block2.expand')!.kernel)
  })
})

describe('only some layers trainable', () => {
  it.each([
    ['classifier', ['classifier']],
    [{ last: 3 }, ['block3.project', 'head', 'classifier']],
  ] as const)('%j', async (trainable, expected) => {
    const { unfolded } = await train({ ...smallTraining, trainable, epochs: 1 })
    const changed = [...unfolded].filter(([id, { kernel }]) => {
      const before = smallTraining.parameters.get(id)!.kernel
      return kernel.some((value, index) => value !== before[index])
    })
    expect(changed.map(([id]) => id)).toEqual(expected)
    const averages = [...unfolded].filter(([, layer]) => 'mean' in layer && layer.mean.some((value) => value !== 0))
    expect(averages.map(([id]) => id)).toEqual(expected.filter((id) => id !== 'classifier'))
  })
})

describe('interrupted and resumed', () => {
  it.each([1, 3, 4, 11])('after step %d of 12 it gives the same bits, through a file', async (stop) => {
    const whole = await train(smallTraining)
    const controller = new AbortController()
    let file = new Uint8Array() as Uint8Array
    const save = (checkpoint: TrainingCheckpoint): void => {
      file = encodeTrainingCheckpoint(checkpoint)
      if (checkpoint.step === stop) controller.abort('power cut')
    }
    const interrupted = train({ ...smallTraining, checkpoint: { every: 1, save }, signal: controller.signal })
    await expect(interrupted).rejects.toBe('power cut')
    const resume = decodeTrainingCheckpoint(file)
    expect(resume.step).toBe(stop)
    const resumed = await train({ ...smallTraining, resume })
    expect(resumed.unfolded).toEqual(whole.unfolded)
    expect(resumed.checkpoint).toEqual(whole.checkpoint)
    expect(resumed.losses).toEqual(whole.losses.slice(stop))
  })

  it('gives the same bits with pictures that vary, and Adam', async () => {
    const options: TrainOptions = {
      ...smallTraining,
      optimizer: { kind: 'adam', learningRate: cosine(0.01), weightDecay: 0.01 },
      augment: [randomFlip, randomCrop(0.7)],
      trainable: { last: 6 },
    }
    const files: Uint8Array[] = []
    const save = (checkpoint: TrainingCheckpoint): unknown => files.push(encodeTrainingCheckpoint(checkpoint))
    const whole = await train({ ...options, checkpoint: { every: 1, save: (checkpoint) => void save(checkpoint) } })
    const resumed = await train({ ...options, resume: decodeTrainingCheckpoint(files[4]!) })
    expect(resumed.checkpoint).toEqual(whole.checkpoint)
    expect(resumed.unfolded).toEqual(whole.unfolded)
    const plain = await train({ ...options, augment: [] })
    expect(plain.losses).not.toEqual(whole.losses)
  })

  it.each<[string, Partial<TrainOptions>]>([
    ['steps of 8 pictures', { batch: 6 }],
    ['labels', { dataset: datasetOf(smallExamples(27)) }],
    ['pictures', { dataset: { ...smallTraining.dataset, picture: (index) => smallTraining.dataset.picture(index + 1) } }],
    ['names', { dataset: { ...smallTraining.dataset, classNames: ['a', 'b', 'c'] } }],
    ['at most 3 steps', { epochs: 1 }],
  ])('refuses to resume with another option or other data: %s', async (told, other) => {
    const { checkpoint } = await train({ ...smallTraining, epochs: 2 })
    const resumed = train({ ...smallTraining, ...other, resume: checkpoint })
    await expect(resumed).rejects.toMatchObject({ code: 'OPTION' })
    await expect(resumed).rejects.toThrow(told)
  })

  it.each<[string, Partial<TrainOptions>]>([
    ['optimizer', { optimizer: { kind: 'adam', learningRate: 0.1 } }],
    ['layers', { trainable: { last: 2 } }],
  ])('refuses a checkpoint of another %s', async (_, other) => {
    const { checkpoint } = await train({ ...smallTraining, epochs: 1 })
    await expect(train({ ...smallTraining, ...other, resume: checkpoint })).rejects.toMatchObject({ code: 'CHECKPOINT' })
  })

  it('refuses a checkpoint of another seed, or of another architecture', async () => {
    const { checkpoint } = await train({ ...smallTraining, epochs: 1 })
    await expect(train({ ...smallTraining, seed: 5, resume: checkpoint })).rejects.toMatchObject({ code: 'OPTION' })
    const slots = new Map(checkpoint.slots).set('stem.kernel.velocity', new Float32Array(3))
    await expect(train({ ...smallTraining, resume: { ...checkpoint, slots } })).rejects.toMatchObject({ code: 'CHECKPOINT' })
    const parameters = new Map(checkpoint.parameters)
    parameters.delete('head')
    await expect(train({ ...smallTraining, resume: { ...checkpoint, parameters } })).rejects.toMatchObject({ code: 'PARAMETERS' })
  })

  it('refuses damaged files with CHECKPOINT, whatever is damaged', async () => {
    const { checkpoint } = await train({ ...smallTraining, epochs: 1 })
    const file = encodeTrainingCheckpoint(checkpoint)
    const header = file.length - 8
    for (const length of [0, 7, 8, 100, header, file.length - 1]) {
      expect(() => decodeTrainingCheckpoint(file.subarray(0, length))).toThrow(expect.objectContaining({ code: 'CHECKPOINT' }))
    }
    const huge = file.slice()
    huge.fill(255, 0, 8)
    expect(() => decodeTrainingCheckpoint(huge)).toThrow(expect.objectContaining({ code: 'CHECKPOINT' }))
  })
})

describe('bad input: a clear error, and nothing left behind', () => {
  it('pictures of mixed sizes', async () => {
    const dataset = datasetOf([...smallExamples(9), ...smallExamples(3, 13)])
    await expect(train({ ...smallTraining, dataset, batch: 12 })).rejects.toThrow(
      /picture \d+\n {2}expected: float32 \[12, 12, 3\].*\n {2}got: \[13, 13, 3\]/,
    )
  })

  it('a class without pictures', async () => {
    const names = ['blue', 'green', 'red', 'white']
    expect(() => datasetOf(smallExamples(9), names)).toThrow(/class 3, "white"/)
    const dataset = { ...datasetOf(smallExamples(9)), classNames: ['blue', 'green', 'red'], labels: [0, 1, 0, 1, 0, 1, 0, 1, 0] }
    await expect(train({ ...smallTraining, dataset })).rejects.toThrow(/A class has no pictures[\s\S]*class 2, "red"/)
  })

  it('an unknown label, no examples, and class names that are not as many as the classes', async () => {
    expect(() => datasetOf(smallExamples(9), ['blue', 'green'])).toThrow(/example 2[\s\S]*"red"/)
    expect(() => datasetOf([])).toThrow(/no pictures/)
    const dataset = datasetOf(smallExamples(2))
    await expect(train({ ...smallTraining, dataset })).rejects.toThrow(/option dataset.classNames/)
  })

  it('two classes of one name, and pictures that are no float32', async () => {
    expect(() => datasetOf(smallExamples(9), ['blue', 'green', 'red', 'red'])).toThrow(/same name[\s\S]*class 3/)
    const examples = smallExamples(8).map((example) => ({ ...example, pixels: [...example.pixels] as unknown as Float32Array }))
    const failed = train({ ...smallTraining, dataset: datasetOf(examples) })
    await expect(failed).rejects.toMatchObject({ code: 'INPUT' })
    await expect(failed).rejects.toThrow(/picture 0[\s\S]*Array/)
  })

  it('a picture that an augmentation breaks', async () => {
    const broken = { height: 3, width: 3, pixels: new Float32Array(27) }
    await expect(train({ ...smallTraining, augment: [() => broken] })).rejects.toThrow(/picture \d+[\s\S]*\[3, 3, 3\]/)
  })

  it('a picture with a NaN', async () => {
    const examples = smallExamples(8)
    examples[5]!.pixels[7] = NaN
    await expect(train({ ...smallTraining, dataset: datasetOf(examples) })).rejects.toThrow(/picture 5, value 7/)
  })

  it('a loss that diverges: says at which step and in which layer', async () => {
    const optimizer = { learningRate: 1e30 }
    const failed = train({ ...smallTraining, optimizer })
    await expect(failed).rejects.toMatchObject({ code: 'PARAMETERS' })
    await expect(failed).rejects.toThrow(/where: step \d+, (layer|gradient of) \w+/)
  })

  it('a parameter that is NaN: says in which layer', async () => {
    const parameters = new Map(smallTraining.parameters)
    const before = parameters.get('block2.depthwise')!
    parameters.set('block2.depthwise', { ...before, kernel: before.kernel.map((value, index) => (index === 0 ? NaN : value)) })
    await expect(train({ ...smallTraining, parameters })).rejects.toThrow(/where: step 1, layer block2.depthwise/)
  })

  it.each([
    ['epochs', { epochs: 0 }],
    ['batch', { batch: 1.5 }],
    ['dropout', { dropout: 1 }],
    ['labelSmoothing', { labelSmoothing: -0.1 }],
    ['optimizer.learningRate', { optimizer: { learningRate: NaN } }],
    ['optimizer.learningRate', { optimizer: { learningRate: -0.1 } }],
    ['optimizer.learningRate', { optimizer: {} as { learningRate: number } }],
    ['optimizer.learningRate', { optimizer: { learningRate: () => NaN } }],
    ['optimizer.kind', { optimizer: { kind: 'adamw' as 'adam', learningRate: 0.1 } }],
    ['optimizer.weightDecay', { optimizer: { kind: 'adam' as const, learningRate: 0.1, weightDecay: -1 } }],
    ['momentum', { optimizer: { kind: 'adam' as const, learningRate: 0.1, momentum: 0.9 } }],
    ['augment', { augment: 'flip' as unknown as [] }],
    ['cacheBytes', { cacheBytes: -1 }],
    ['signal', { signal: {} as AbortSignal }],
    ['optimizer.momentum', { optimizer: { learningRate: 0.1, momentum: 1 } }],
    ['trainable.last', { trainable: { last: 12 } }],
    ['trainable.last', { trainable: { last: 0 } }],
    ['trainable', { trainable: 'head' as 'all' }],
    ['checkpoint.every', { checkpoint: { every: 0, save: (): void => undefined } }],
    ['seed', { seed: 0.5 }],
    ['dropuot', { dropuot: 0.1 }],
    ['momentun', { optimizer: { learningRate: 0.1, momentun: 0.8 } }],
    ['evry', { checkpoint: { evry: 1, every: 1, save: (): void => undefined } }],
  ])('an option that is unknown or has a value that is not allowed: %s', async (name, wrong) => {
    await expect(train({ ...smallTraining, ...wrong })).rejects.toThrow(`where: option ${name}`)
  })

  it('a picture that cannot be read, and an abort in the middle', async () => {
    const dataset = { ...smallTraining.dataset, picture: () => Promise.reject(new Error('unreadable')) }
    await expect(train({ ...smallTraining, dataset })).rejects.toThrow('unreadable')
    const controller = new AbortController()
    const stopped = train({ ...smallTraining, signal: controller.signal, onProgress: () => controller.abort('enough') })
    await expect(stopped).rejects.toBe('enough')
  })

  it('training inside of a tidy leaves its tensors whole', async () => {
    let pending: Promise<unknown> | undefined
    tf.tidy(() => {
      pending = train({ ...smallTraining, epochs: 1 })
    })
    await pending
  })
})

describe('initial parameters', () => {
  it('are spread as torchvision spreads them', () => {
    const { kernel } = smallTraining.parameters.get('head')!
    const deviation = Math.sqrt(kernel.reduce((sum, value) => sum + value ** 2, 0) / kernel.length)
    expect(deviation).toBeCloseTo(Math.sqrt(2 / 24), 1)
  })

  it.each([{ seed: NaN }, { sede: 1 }])('refuse %j with OPTION', (wrong) => {
    expect(() => initialParameters(smallArchitecture, wrong)).toThrow(expect.objectContaining({ code: 'OPTION' }))
  })
})
