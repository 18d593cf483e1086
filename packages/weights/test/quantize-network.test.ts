import type { MobileNetV2Options } from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import { type Network, quantizeNetwork, readNetwork, toTflite } from '../src/index.js'
import { alike, type FloatNetwork, floatNetwork, onPictures, outputOf, seededPictures, unlike } from './support/calibration.js'
import { find, goldenBytes, patched } from './support/goldens.js'
import { smallest } from './support/small-options.js'

type Quantised = FloatNetwork & Pick<Network, 'integers'>

async function quantised(network: FloatNetwork, pictures: readonly Float32Array[]): Promise<Quantised> {
  return { ...network, ...(await quantizeNetwork(network, onPictures(pictures))) }
}

const v2 = (options: MobileNetV2Options = {}): MobileNetV2Options => ({ ...smallest, ...options })

const networks: readonly (readonly [string, FloatNetwork])[] = [
  ['padding same', floatNetwork(v2({ padding: 'same', height: 9 }))],
  ['padding symmetric, each channel normalised differently', floatNetwork(v2(), { preprocessing: unlike })],
  ['residuals between expansions', floatNetwork(v2({ residual: 'expansion' }))],
  ['ReLU6 bottlenecks', floatNetwork(v2({ bottleneckActivation: 'relu6' }))],
  ['ReLU', floatNetwork(v2({ activation: 'relu' }))],
  ['a hidden dense layer', floatNetwork(v2({ headLayers: [{ units: 6, activation: 'relu' }] }))],
  ['no classes', floatNetwork(v2({ classes: 0 }))],
  ['one class', floatNetwork(v2({ classes: 1 }))],
  ['MobileNetV1', floatNetwork({ family: 'MobileNetV1', widthMultiplier: 0.1, height: 32, width: 32, classes: 3 })],
]

describe.each(networks)('%s', (_, network) => {
  it('comes back from its file with the same integers, and answers nearly as before', async () => {
    const pictures = seededPictures(network, 8)
    const made = await quantised(network, pictures)
    const read = await readNetwork(toTflite(made, { dtype: 'I8' }))
    expect({ integers: read.integers !== null, reasons: read.reasons }).toMatchObject({ integers: true })
    expect(read.integers).toEqual(made.integers)
    expect(read.architecture.layers.map(({ id }) => id)).toEqual(network.architecture.layers.map(({ id }) => id))
    expect(read.preprocessing).toEqual(network.preprocessing)

    const errors = pictures.map((picture) => {
      const before = outputOf({ ...network, integers: null }, picture)
      const after = outputOf({ ...made, integers: made.integers }, picture)
      return before.map((value, index) => after[index]! - value)
    })
    const last = made.integers!.layers.get(network.architecture.layers.at(-1)!.id)!
    const steps = errors.map((channels) => channels.map((error) => error / last.output.scale))
    // Narrow networks lose much; but an answer stays within a few of the 256 steps, and is not wrong on average.
    for (const channels of steps) for (const error of channels) expect(Math.abs(error)).toBeLessThan(24)
    if (last.kind === 'weights') {
      for (let channel = 0; channel < steps[0]!.length; channel++) {
        const mean = steps.reduce((sum, channels) => sum + channels[channel]!, 0) / steps.length
        expect(Math.abs(mean)).toBeLessThan(1)
      }
    }
  })
})

it('holds labels, a background class among them, and how the outputs are read', async () => {
  const network = floatNetwork(v2({ classes: 4 }), {
    classes: { labels: ['Katze', 'Hund, groß', 'Emu'], background: 0, output: 'sigmoid', outputReason: '' },
  })
  const made = await quantised(network, seededPictures(network, 1))
  const { classes } = await readNetwork(toTflite(made, { dtype: 'I8' }))
  expect(classes).toMatchObject({ labels: ['Katze', 'Hund, groß', 'Emu'], background: 0, output: 'sigmoid' })
  expect(toTflite(made, { dtype: 'I8' })).toEqual(toTflite(made, { dtype: 'I8' }))
})

it('refuses a description that is damaged', async () => {
  const network = floatNetwork(v2())
  const file = toTflite(await quantised(network, seededPictures(network, 1)), { dtype: 'I8' })
  const damaged = patched(file, find(file, '"geometry"'), new TextEncoder().encode('"geometrx"'))
  await expect(readNetwork(damaged)).rejects.toThrow('geometry')
})

it('writes files that others quantised, if they are of int8', async () => {
  for (const file of ['int8.tflite', 'rescaled-int8.tflite', 'v1-int8.tflite']) {
    const network = await readNetwork(goldenBytes(file))
    const written = await readNetwork(toTflite(network, { dtype: 'I8' }))
    expect(written.integers).toEqual(network.integers)
    expect(written.preprocessing.mean).toEqual(network.preprocessing.mean)
  }
  const unsigned = await readNetwork(goldenBytes('unsigned.tflite'))
  expect(() => toTflite(unsigned, { dtype: 'I8' })).toThrow('cannot be written as int8')
})

it('looks at no more than 32 pictures for a map, and at all for the answers', async () => {
  const network = floatNetwork(v2())
  const pictures = seededPictures(network, 2)
  const counts = new Map<string, number>()
  const many = Array.from({ length: 40 }, (_, index) => pictures[index % 2]!)
  await quantizeNetwork(network, async function* (part) {
    const id = part.architecture.layers.at(-1)!.id
    let count = 0
    for await (const output of onPictures(many)(part)) {
      counts.set(id, ++count)
      yield output
    }
  })
  expect([counts.get('stem'), counts.get('head'), counts.get('pool'), counts.get('classifier')]).toEqual([32, 32, 40, 40])
})

describe('refused', () => {
  it.each<[string, MobileNetV2Options]>([
    ['globalMaxPool', { pool: 'max' }],
    ['activation silu', { headLayers: [{ units: 4, activation: 'silu' }] }],
    ['of a flattened map', { pool: 'none' }],
  ])('%s', async (what, options) => {
    const network = floatNetwork(v2({ height: 32, width: 32, ...options }))
    await expect(quantizeNetwork(network, onPictures([]))).rejects.toThrow(what)
  })

  it('a network that gives no finite numbers', async () => {
    const network = floatNetwork(v2())
    const stem = network.parameters.get('stem')!
    const parameters = new Map(network.parameters).set('stem', { ...stem, bias: stem.bias.with(0, Number.POSITIVE_INFINITY) })
    const broken = { ...network, parameters }
    await expect(quantizeNetwork(broken, onPictures(seededPictures(network, 1)))).rejects.toThrow('not finite numbers')
  })

  it('floats as I8, and types that are none', () => {
    const network = { ...floatNetwork(v2()), integers: null }
    expect(() => toTflite(network, { dtype: 'I8' })).toThrow('no integers to write')
    expect(() => toTflite(network, { dtype: 'F16' as 'F32' })).toThrow('option dtype')
    expect(alike.mean).toEqual(network.preprocessing.mean)
  })
})
