import { defineMobileNetV2, MobileNetV2Error } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import '@tensorflow/tfjs-backend-cpu'
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { type TfjsGraphModel, toTfjs } from '../src/out/tfjs.js'
import { architectures } from './support/out-architectures.js'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

async function loadInMemory({ modelJson, shards }: TfjsGraphModel): Promise<GraphModel> {
  const { modelTopology, weightsManifest } = modelJson
  const weightData = shards.map(({ bytes }) => bytes.buffer)
  return loadGraphModel(tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }))
}

async function predict(model: GraphModel, input: Float32Array, shape: [number, number, number, number]) {
  const logits = tf.tidy(() => model.predict(tf.tensor4d(input, shape)) as tf.Tensor)
  const values = (await logits.data()) as Float32Array
  logits.dispose()
  return { shape: logits.shape, values }
}

it.each(architectures)('TensorFlow.js gives the logits of the reference within 1e-4: %s', async (_, architecture) => {
  const parameters = seededParameters(architecture)
  const batch = 2
  const input = seededInput(architecture, batch)
  const model = await loadInMemory(toTfjs({ architecture, parameters }))
  const { shape, values } = await predict(model, input, [batch, architecture.input.height, architecture.input.width, 3])
  model.dispose()
  expect(shape).toEqual([batch, architecture.layers.at(-1)!.output.channels])
  expectAllClose(values, runReference(architecture, parameters, input, { batch }).logits, { relative: 1e-4 })
})

it('is the JSON that TensorFlow.js loads with its own reader of model.json and shards', async () => {
  const options = { widthMultiplier: 0.35, height: 32, width: 32, classes: 3 }
  const architecture = defineMobileNetV2(options)
  const parameters = seededParameters(architecture)
  const preprocessing = { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] } as const
  const classes = { labels: ['cat', 'dog', '日本'], background: null, output: 'softmax' } as const
  const { modelJson, shards } = toTfjs({ options, architecture, parameters, preprocessing, classes })
  const asTheirs: tf.io.ModelJSON = modelJson
  const files = new Map<string, Uint8Array<ArrayBuffer>>(shards.map(({ name, bytes }) => [name, bytes]))
  files.set('model.json', new TextEncoder().encode(JSON.stringify(asTheirs)))
  const fetchFunc = async (path: string): Promise<Response> => new Response(files.get(path.replace(/^.*\//, '')) ?? null)
  const model = await loadGraphModel('https://models.example/model.json', { fetchFunc: fetchFunc as typeof fetch })
  expect(model.inputs.map(({ name, shape }) => ({ name, shape }))).toEqual([{ name: 'input', shape: [-1, 32, 32, 3] }])
  expect(model.outputs.map(({ name }) => name)).toEqual(['classifier'])
  expect(Object.keys(model.modelSignature)).toEqual(['inputs', 'outputs'])
  expect(model.metadata).toMatchObject({ labels: ['cat', 'dog', '日本'] })
  const input = seededInput(architecture)
  const { values } = await predict(model, input, [1, 32, 32, 3])
  model.dispose()
  expectAllClose(values, runReference(architecture, parameters, input).logits, { relative: 1e-4 })
})

it('cuts the weights into shards of at most 4 MiB, without gaps', async () => {
  const architecture = defineMobileNetV2()
  const parameters = seededParameters(architecture)
  const { modelJson, shards } = toTfjs({ architecture, parameters })
  expect(shards.map(({ bytes }) => bytes.length)).toEqual([2 ** 22, 2 ** 22, 2 ** 22, 4 * 3_487_816 + 2 * 4 - 3 * 2 ** 22])
  const { paths, weights } = modelJson.weightsManifest[0]
  expect(paths).toEqual(shards.map(({ name }) => name))
  const joined = new Float32Array(await new Blob(shards.map(({ bytes }) => bytes)).arrayBuffer())
  let at = 0
  for (const { name, shape } of weights) {
    const length = shape.reduce((product, extent) => product * extent, 1)
    const layer = architecture.layers.find(({ id }) => name === `${id}/kernel`)
    if (layer !== undefined) {
      const kernel = parameters.get(layer.id)!.kernel
      expect(joined.subarray(at, at + length).every((value, index) => value === kernel[index])).toBe(true)
    }
    at += length
  }
  expect(at).toBe(joined.length)
})

it('states the zeros only where SAME would put others', () => {
  const explicit = (padding: 'symmetric' | 'same', size: number): number => {
    const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: size, width: size, padding, classes: 2 })
    const { node } = toTfjs({ architecture, parameters: seededParameters(architecture) }).modelJson.modelTopology
    return node.filter(({ attr }) => 'explicit_paddings' in attr).length
  }
  expect(explicit('same', 64)).toBe(0)
  expect(explicit('symmetric', 33)).toBe(0)
  expect(explicit('symmetric', 64)).toBe(5)
})

it('puts a name before those of the shards', () => {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.1, height: 32, width: 32, classes: 2, headChannels: 16 })
  const network = { architecture, parameters: seededParameters(architecture) }
  const namesOf = (name?: string) => {
    const { modelJson, shards } = toTfjs(network, { name })
    expect(modelJson.weightsManifest[0].paths).toEqual(shards.map((shard) => shard.name))
    return modelJson.weightsManifest[0].paths
  }
  expect(namesOf()).toEqual(['group1-shard1of1.bin'])
  expect(namesOf('my cats')).toEqual(['my cats-group1-shard1of1.bin'])
  for (const name of ['', 'a/b', 'a\\b', 'a:b', 'a#b', '50%']) {
    expect(() => namesOf(name)).toThrow(expect.objectContaining({ code: 'OPTION' }))
  }
  expect(() => toTfjs(network, { title: 'cats' } as object)).toThrow(expect.objectContaining({ code: 'OPTION' }))
})

it('refuses parameters that do not fit', () => {
  const architecture = defineMobileNetV2({ classes: 2 })
  const parameters = new Map(seededParameters(architecture))
  parameters.delete('block3.project')
  expect(() => toTfjs({ architecture, parameters })).toThrow(MobileNetV2Error)
  expect(() => toTfjs({ architecture, parameters })).toThrow('layer block3.project')
})
