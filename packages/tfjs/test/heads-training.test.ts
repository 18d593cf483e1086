import { defineMobileNetV2, inputLength, type LayerId, type MobileNetV2Options } from '@mobilenetv2/spec'
import { seededInput, seededParameters, seededValues } from '@mobilenetv2/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { initialParameters, train } from '../src/index.js'
import { findGradients } from '../src/training/passes.js'
import { useBackend } from './support/backends.js'
import { smallTraining } from './support/small-training.js'

const body: MobileNetV2Options = { table: [[1, 8, 2, 2]], stemChannels: 8, headChannels: 0, height: 12, width: 12, classes: 3 }
const batch = 2

beforeAll(() => useBackend('cpu'))

/** Derivatives of a batch's loss with respect to some values of kernels: `exact` by the gradients, `numeric` by finite differences. */
async function derivatives(options: MobileNetV2Options, ids: readonly LayerId[]): Promise<{ exact: number; numeric: number }[]> {
  const architecture = defineMobileNetV2({ ...body, ...options })
  const features = inputLength(architecture.layers.at(-1)!)
  const mask = seededValues('mask', batch * features, 0, 1).map((value) => (value > 0.2 ? 1.25 : 0))
  const pixels = seededInput(architecture, batch)
  const length = pixels.length / batch
  const entries = [0, 1].map((picture) => ({
    before: pixels.subarray(picture * length, (picture + 1) * length),
    shortcuts: new Map(),
  }))
  const pass = (id: LayerId, place: number, change: number) => {
    const parameters = new Map(seededParameters(architecture))
    const { kernel, bias } = parameters.get(id)!
    parameters.set(id, { kernel: kernel.map((value, at) => (at === place ? value + change : value)), bias })
    const trained = { layers: architecture.layers, parameters, batchNormEpsilon: 1e-5, labelSmoothing: 0, classWeights: null }
    return findGradients(trained, { entries, labels: [0, 2], dropout: mask })
  }
  const step = 2e-3
  const found: { exact: number; numeric: number }[] = []
  for (const id of ids) {
    const gradient = (await pass(id, 0, 0)).gradients.get(`${id}.kernel`)!
    const places = [...gradient.keys()].toSorted((a, b) => Math.abs(gradient[b]!) - Math.abs(gradient[a]!)).slice(0, 2)
    for (const place of places) {
      const [up, down] = [await pass(id, place, step), await pass(id, place, -step)]
      found.push({ exact: gradient[place]!, numeric: (up.loss - down.loss) / (2 * step) })
    }
  }
  return found
}

describe('the gradients', () => {
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
    ...(['same', 'symmetric'] as const).map((padding): [string, MobileNetV2Options, LayerId[]] => [
      `strides on odd and even sides, padding ${padding}`,
      { padding, height: 13, width: 18, table: [[1, 8, 2, 2]] },
      ['stem', 'block1.depthwise', 'block2.depthwise', 'classifier'],
    ]),
  ])('%s: within 5 % of finite differences', async (_, options, ids) => {
    for (const { exact, numeric } of await derivatives(options, ids)) {
      expect(Math.abs(exact)).toBeGreaterThan(1e-3)
      expect(Math.abs(exact - numeric)).toBeLessThan(0.05 * Math.abs(exact))
    }
  })
})

describe('a layer without a gradient', () => {
  it.each<[string, MobileNetV2Options]>([
    ['pool', { pool: 'max' }],
    ['dense1', { headLayers: [{ units: 4, activation: 'gelu' }] }],
  ])('%s is refused, and the layers after it can be trained', async (layer, options) => {
    const architecture = defineMobileNetV2({ ...body, ...options })
    const training = { ...smallTraining, architecture, parameters: initialParameters(architecture), epochs: 1 }
    await expect(train(training)).rejects.toMatchObject({ code: 'OPTION', message: expect.stringContaining(`layer ${layer}`) })
    expect((await train({ ...training, trainable: 'classifier' })).losses).toHaveLength(3)
  })
})
