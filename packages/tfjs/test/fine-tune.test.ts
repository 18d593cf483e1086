import type { LayerId } from '@mobilenetv2/spec'
import { expectAllClose } from '@mobilenetv2/testing'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  cosine,
  type Dataset,
  datasetOf,
  type FineTuneOptions,
  fineTune,
  foldParameters,
  initialParameters,
  type PretrainedNetwork,
  tfjs,
  train,
  unfoldParameters,
} from '../src/index.js'
import { crossEntropy } from '../src/training/loss.js'
import { batchNormsOf } from '../src/training/unfolded.js'
import { useBackend } from './support/backends.js'
import { smallArchitecture as architecture, smallExamples, smallTraining } from './support/small-training.js'

let tensorsBefore: number
beforeAll(() => useBackend('wasm'))
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors
})
afterEach(() => expect(tf.memory().numTensors).toBe(tensorsBefore))

/** A network as it is read, with BatchNorm beside its folded parameters. */
function networkOf(unfolded = smallTraining.parameters): PretrainedNetwork {
  return { architecture, parameters: foldParameters(architecture, unfolded), batchNorms: batchNormsOf(unfolded) }
}

const network = networkOf()
const dataset = datasetOf(smallExamples(30))
const quick: FineTuneOptions = { trainable: { last: 3 }, epochs: 3, batch: 8, optimizer: { learningRate: 0.1 } }

/** The dataset, and how often each of its pictures is read. */
function counted(pictures: Dataset): { readonly dataset: Dataset; readonly reads: number[] } {
  const reads = pictures.labels.map(() => 0)
  const picture = (index: number) => {
    reads[index]! += 1
    return pictures.picture(index)
  }
  return { dataset: { ...pictures, picture }, reads }
}

describe('fine-tuning', () => {
  it('learns new classes in the last layers, keeps the best epoch, and leaves the others as they were', async () => {
    const tuned = await fineTune(network, dataset, { ...quick, epochs: 8 })
    expect(tuned.history.map(({ epoch }) => epoch)).toEqual([...tuned.history.keys()])
    const losses = tuned.history.map(({ validation }) => validation!.loss)
    expect(losses[tuned.keptEpoch]).toBe(Math.min(...losses))
    expect(losses[tuned.keptEpoch]).toBeLessThan(losses[0]!)
    const learned: readonly LayerId[] = ['block3.project', 'head', 'classifier']
    for (const [id, layer] of tuned.parameters) {
      if (learned.includes(id)) expect(layer.kernel).not.toEqual(network.parameters.get(id)!.kernel)
      else expect(layer).toBe(network.parameters.get(id))
    }
    for (const [id, layer] of tuned.batchNorms) if (!learned.includes(id)) expect(layer).toBe(network.batchNorms.get(id))
    const model = await tfjs().compile(architecture, tuned.parameters)
    await model.run((await dataset.picture(0)).pixels, { batch: 1 })
    model.dispose()
  })

  it('counts a picture of weight 2 as that picture twice', () => {
    const [one, other] = [
      [1, -2, 0.5],
      [0.3, 0.2, -1],
    ]
    const weighted = tf.tidy(() => {
      const { loss, gradient } = crossEntropy(tf.tensor2d([one!, other!]), [0, 2], 0.1, [2, 1, 1])
      return [...loss.dataSync(), ...gradient.dataSync()]
    })
    const [loss, ...twice] = tf.tidy(() => {
      const { loss, gradient } = crossEntropy(tf.tensor2d([one!, one!, other!]), [0, 0, 2], 0.1, null)
      return [...loss.dataSync(), ...gradient.dataSync()]
    })
    const sums = [...twice.slice(0, 3).map((value, at) => value + twice[at + 3]!), ...twice.slice(6)]
    // `weighted` is a mean over two pictures, the other loss a mean over three.
    const wanted = [loss!, ...sums].map((value) => (3 / 2) * value)
    expectAllClose(Float32Array.from(weighted), Float32Array.from(wanted), { relative: 1e-6 })
  })

  it('keeps the last epoch if nothing is held out', async () => {
    const { history, keptEpoch } = await fineTune(network, dataset, { ...quick, validation: 0 })
    expect(history.map(({ epoch, validation }) => [epoch, validation])).toEqual([0, 1, 2, 3].map((epoch) => [epoch, null]))
    expect(keptEpoch).toBe(3)
  })

  it('ends early, and gives the network as it was, if nothing gets better', async () => {
    const optimizer = { learningRate: (): number => 0 }
    const options: FineTuneOptions = { ...quick, trainable: 'classifier', epochs: 9, patience: 2, optimizer }
    const { history, keptEpoch, parameters } = await fineTune(network, dataset, options)
    expect([history.length, keptEpoch]).toEqual([3, 0])
    expect(parameters).toEqual(network.parameters)
  })

  it('validates on other pictures, if they are given', async () => {
    const other = datasetOf(smallExamples(12).slice(6))
    const { history } = await fineTune(network, dataset, { ...quick, epochs: 1, validation: other })
    expect(history.map(({ validation }) => validation!.accuracy * 6)).toEqual(history.map(() => expect.any(Number)))
  })

  it('has a default for every option', async () => {
    const table = smallExamples(12)
    const { history } = await fineTune(network, datasetOf(table), { epochs: 1 })
    expect(history).toHaveLength(2)
  })

  it('trains kernel and bias with BatchNorm folded in, and can take it out again', async () => {
    const tuned = await fineTune(network, dataset, quick)
    // Layers that were trained with BatchNorm folded in have other statistics than the file.
    const kept = [...network.batchNorms.keys()].filter((id) => id !== 'block3.project' && id !== 'head')
    expect([...tuned.batchNorms.keys()]).toEqual(kept)
    expect(tuned.parameters.get('head')!.bias).not.toEqual(network.parameters.get('head')!.bias)
    const again = foldParameters(architecture, unfoldParameters(architecture, tuned.parameters, tuned.batchNorms))
    for (const [id, { kernel }] of again) expectAllClose(kernel, tuned.parameters.get(id)!.kernel, { relative: 1e-5 })
  })

  it('trains BatchNorm if that is asked for, where the network has it', async () => {
    const options = { ...quick, batchNorm: 'trained' } as const
    const tuned = await fineTune(network, dataset, options)
    expect(tuned.batchNorms.get('head')).not.toEqual(network.batchNorms.get('head'))
    expect(tuned.batchNorms.get('stem')).toBe(network.batchNorms.get('stem'))
    const folded = { ...network, batchNorms: new Map() }
    expect((await fineTune(folded, dataset, options)).parameters).toEqual((await fineTune(network, dataset, quick)).parameters)
  })

  it.each<[string, object]>([
    ['classWeights', { classWeights: [1] }],
    ['classWeights', { classWeights: [0, 1, 1] }],
    ['patience', { patience: 0 }],
    ['validation', { validation: 1 }],
    ['validation', { validation: { ...dataset, classNames: ['a', 'b', 'c'] } }],
    ['validation', { validation: { ...dataset, labels: [] } }],
    ['epochs', { epochs: 0 }],
    ['batchNorm', { batchNorm: 'folded' }],
    ['learningrate', { learningrate: 0.1 }],
    ['signal', { signal: 'stop' }],
  ])('refuses the option %s', async (name, wrong) => {
    await expect(fineTune(network, dataset, { ...quick, ...wrong })).rejects.toThrow(`where: option ${name}`)
  })

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController()
    const stopped = fineTune(network, dataset, {
      ...quick,
      signal: controller.signal,
      onProgress: () => controller.abort('enough'),
    })
    await expect(stopped).rejects.toBe('enough')
  })
})

describe('frozen layers', () => {
  const options = { ...smallTraining, dataset, trainable: { last: 5 } } as const

  it('run once for a picture, and what they give is kept within the bytes allowed, without changing a bit', async () => {
    const [all, none] = [counted(dataset), counted(dataset)]
    const kept = await train({ ...options, dataset: all.dataset })
    const anew = await train({ ...options, dataset: none.dataset, cacheBytes: 0 })
    // The first picture is read once more, to tell datasets apart.
    expect(all.reads.slice(1).every((reads) => reads === 1)).toBe(true)
    const sum = ({ reads }: typeof none): number => reads.reduce((total, times) => total + times, 0)
    expect(sum(none)).toBeGreaterThan(3 * sum(all))
    expect(anew.unfolded).toEqual(kept.unfolded)
  })

  it('are those before a layer, by its id', async () => {
    const [byCount, byId] = [await train(options), await train({ ...options, trainable: { from: 'block3.expand' } })]
    expect(byId.unfolded).toEqual(byCount.unfolded)
    await expect(train({ ...options, trainable: { from: 'block9.expand' } })).rejects.toThrow('where: option trainable.from')
    const both = { from: 'head', last: 2 } as const
    await expect(train({ ...options, trainable: both })).rejects.toThrow('where: option last')
  })
})

describe('BatchNorm', () => {
  it('is taken out of folded parameters as it was folded in', () => {
    const unfolded = new Map(initialParameters(architecture, { seed: 3 }))
    for (const [id, layer] of unfolded) {
      if (!('gamma' in layer)) continue
      const vary = (values: Float32Array, by: number) => values.map((value, at) => value + Math.sin(at * by))
      const variance = layer.variance.map((_, at) => at + 0.5)
      unfolded.set(id, { ...layer, beta: vary(layer.beta, 2), mean: vary(layer.mean, 3), variance })
    }
    const { parameters, batchNorms } = networkOf(unfolded)
    const again = unfoldParameters(architecture, parameters, batchNorms)
    for (const [id, layer] of unfolded) {
      for (const [name, values] of Object.entries(layer)) {
        expectAllClose((again.get(id) as unknown as Record<string, Float32Array>)[name]!, values as Float32Array, {
          relative: 1e-5,
        })
      }
    }
  })

  it('keeps a channel of gamma 0 as it is', () => {
    const stem = smallTraining.parameters.get('stem') as { gamma: Float32Array }
    const gamma = stem.gamma.map((value, channel) => (channel === 2 ? 0 : value))
    const before = networkOf(new Map(smallTraining.parameters).set('stem', { ...stem, gamma } as never))
    const after = foldParameters(architecture, unfoldParameters(architecture, before.parameters, before.batchNorms))
    expectAllClose(after.get('stem')!.kernel, before.parameters.get('stem')!.kernel, { relative: 1e-6 })
  })

  it('has the statistics of the pictures when the training ends', async () => {
    const size = dataset.labels.length
    const { unfolded } = await train({ ...smallTraining, dataset, batch: size, epochs: 1, optimizer: { learningRate: () => 0 } })
    const stem = architecture.layers[0]!
    const pictures = await Promise.all(dataset.labels.map(async (_, index) => (await dataset.picture(index)).pixels))
    const [mean, variance] = tf.tidy(() => {
      const input = tf.pad4d(tf.tensor4d(Float32Array.from(pictures.flatMap((pixels) => [...pixels])), [size, 12, 12, 3]), [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ])
      const kernel = tf.tensor4d(smallTraining.parameters.get('stem')!.kernel, [3, 3, 3, 8])
      const moments = tf.moments(tf.conv2d(input, kernel, 2, 'valid'), [0, 1, 2])
      return [moments.mean.dataSync(), moments.variance.dataSync()]
    })
    const count = size * stem.output.height * stem.output.width
    const found = unfolded.get('stem') as unknown as Record<string, Float32Array>
    expectAllClose(found.mean!, mean, { relative: 1e-4 })
    expectAllClose(
      found.variance!,
      variance.map((value) => (value * count) / (count - 1)),
      { relative: 1e-4 },
    )
  })
})

describe('cosine', () => {
  it('rises in a straight line, and falls to 0', () => {
    const rate = cosine(0.4, { warmUp: 0.2 })
    const rates = Array.from({ length: 10 }, (_, step) => rate({ step, total: 10, epoch: 0 }))
    expect(rates.slice(0, 3)).toEqual([0.2, 0.4, 0.4])
    expect(rates.slice(2)).toEqual(rates.slice(2).toSorted((a, b) => b - a))
    expect(rates[6]).toBeCloseTo(0.2)
    expect(rates[9]).toBeLessThan(0.02)
  })

  it.each([() => cosine(0), () => cosine(NaN), () => cosine(0.1, { warmUp: 1 }), () => cosine(0.1, { warmup: 0.1 } as object)])(
    'refuses values that are not allowed: %s',
    (make) => {
      expect(make).toThrow(expect.objectContaining({ code: 'OPTION' }))
    },
  )
})
