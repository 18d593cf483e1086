import { defineMobileNetV2, inputLength, type LayerId, type MobileNetV2Options } from '@mobilenetv2/spec'
import { seededInput, seededParameters, seededValues } from '@mobilenetv2/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { initialParameters, train } from '../src/index.js'
import { tidied } from '../src/tidied.js'
import { crossEntropy } from '../src/training/loss.js'
import { backward, forward } from '../src/training/network.js'
import { disposeState, uploadLayers } from '../src/training/state.js'
import { useBackend } from './support/backends.js'
import { smallTraining } from './support/small-training.js'

const body: MobileNetV2Options = { table: [[1, 8, 2, 2]], stemChannels: 8, headChannels: 0, height: 12, width: 12, classes: 3 }
const batch = 2

beforeAll(() => useBackend('cpu'))

/** The loss of a batch, and the derivatives of it by some values of kernels, from `backward` and from small steps. */
function derivatives(options: MobileNetV2Options, ids: readonly LayerId[]): { exact: number; numeric: number }[] {
  const architecture = defineMobileNetV2({ ...body, ...options })
  const features = inputLength(architecture.layers.at(-1)!)
  const mask = seededValues('mask', batch * features, 0, 1).map((value) => (value > 0.2 ? 1.25 : 0))
  const pass = (id: LayerId | null, place: number, change: number) => {
    const parameters = new Map(seededParameters(architecture))
    if (id !== null) {
      const { kernel, bias } = parameters.get(id)!
      parameters.set(id, { kernel: kernel.map((value, at) => (at === place ? value + change : value)), bias })
    }
    const state = uploadLayers(architecture.layers, parameters)
    try {
      return tidied(() => {
        const before = tf.tensor4d(seededInput(architecture, batch), [batch, 12, 12, 3])
        const dropout = tf.tensor2d(mask, [batch, features])
        const forwards = forward(architecture.layers, state, { before, shortcuts: new Map(), dropout }, 1e-5)
        const { loss, gradient } = crossEntropy(forwards.logits as tf.Tensor2D, [0, 2], 0)
        const gradients = backward(forwards, state, dropout, gradient)
        return { loss: loss.dataSync()[0]!, gradientOf: id === null ? null : gradients.get(`${id}.kernel`)!.dataSync() }
      })
    } finally {
      disposeState(state)
    }
  }
  const step = 1e-2
  return ids.flatMap((id) => {
    const { gradientOf } = pass(id, 0, 0)
    const places = [...gradientOf!.keys()].toSorted((a, b) => Math.abs(gradientOf![b]!) - Math.abs(gradientOf![a]!)).slice(0, 2)
    return places.map((place) => ({
      exact: gradientOf![place]!,
      numeric: (pass(id, place, step).loss - pass(id, place, -step).loss) / (2 * step),
    }))
  })
}

describe('the gradients of a head on the whole map', () => {
  it.each<[string, MobileNetV2Options, readonly LayerId[]]>([
    ['a classifier', { pool: 'none' }, ['block2.project', 'classifier']],
    [
      'layers of positions and a hidden layer',
      {
        pool: 'none',
        positionLayers: [{ units: 8, activation: 'relu' }],
        headLayers: [{ units: 12, activation: 'relu6' }],
      },
      ['block2.project', 'position1', 'dense1', 'classifier'],
    ],
  ])('%s: within 5 % of small steps', (_, options, ids) => {
    for (const { exact, numeric } of derivatives(options, ids)) {
      expect(Math.abs(exact)).toBeGreaterThan(1e-3)
      expect(Math.abs(exact - numeric)).toBeLessThan(0.05 * Math.abs(exact))
    }
  })
})

describe('a layer without a gradient', () => {
  it.each<[string, MobileNetV2Options]>([
    ['pool', { pool: 'max' }],
    ['dense1', { headLayers: [{ units: 4, activation: 'gelu' }] }],
  ])('%s is refused, and what is behind it trains', async (layer, options) => {
    const architecture = defineMobileNetV2({ ...body, ...options })
    const training = { ...smallTraining, architecture, parameters: initialParameters(architecture), epochs: 1 }
    await expect(train(training)).rejects.toMatchObject({ code: 'OPTION', message: expect.stringContaining(`layer ${layer}`) })
    expect((await train({ ...training, trainable: 'classifier' })).losses).toHaveLength(3)
  })
})
