import { expectAllClose } from '@mobilenetv2/testing'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { openBudget } from '../src/formats/budget.js'
import { readHdf5 } from '../src/formats/hdf5/read.js'
import { readVariables, renameContainers } from '../src/formats/keras/tensors.js'
import { type Checkpoint, readCheckpoint, toNetwork } from '../src/index.js'
import { golden, goldenBytes } from './support/goldens.js'
import { logitsOf } from './support/logits-of.js'
import { renamed } from './support/renamed.js'

interface Logits {
  readonly size: number
  readonly logits: readonly number[]
}

const keras3 = golden<Logits>('keras3.json')
const keras2 = golden<Logits>('keras2.json')

/** A golden. `x.weights.h5` is the entry inside `x.keras`, which has the form that `save_weights` writes. */
async function read(file: string): Promise<Checkpoint> {
  const [archive, weights] = [goldenBytes(`${file.replace('weights.h5', 'keras')}.gz`), 'model.weights.h5']
  return readCheckpoint(file.endsWith(weights.slice('model'.length)) ? unzipSync(archive)[weights]! : archive, { file })
}

const common = { widthMultiplier: 0.1, padding: 'same', batchNormEpsilon: 1e-3 } as const
const files = [
  { file: 'keras3.h5', format: 'hdf5', naming: 'structural', expected: keras3.logits, input: 64, classes: 7 },
  { file: 'keras3.keras', format: 'keras', naming: 'structural', expected: keras3.logits, input: 64, classes: 7 },
  { file: 'keras3.weights.h5', format: 'hdf5', naming: 'keras', expected: keras3.logits, input: 224, classes: 7 },
  { file: 'keras2.h5', format: 'hdf5', naming: 'structural', expected: keras2.logits, input: 64, classes: 5 },
  { file: 'keras2.keras', format: 'keras', naming: 'structural', expected: keras2.logits, input: 64, classes: 5 },
  { file: 'keras2.weights.h5', format: 'hdf5', naming: 'keras', expected: keras2.logits, input: 224, classes: 5 },
] as const

test.each(files)("$file: Keras's logits within 1e-5 of the largest, from the file alone", async (row) => {
  const checkpoint = await read(row.file)
  const network = await toNetwork(checkpoint)
  expect(network).toMatchObject({
    source: { file: row.file, format: row.format, naming: row.naming },
    classes: { background: null },
    options: { ...common, height: row.input, width: row.input, classes: row.classes },
    preprocessing: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
  })
  expectAllClose(logitsOf(network, keras3.size), row.expected, { relative: 1e-5 })
})

test('the softmax and the scaling of the input, where the graph has them', async () => {
  expect((await read('keras3.h5')).graph).toMatchObject({ endsIn: 'softmax', inputScaling: null })
  expect((await read('keras2.h5')).graph).toMatchObject({
    endsIn: null,
    inputScaling: { multiply: [1 / 127.5], add: [-1] },
  })
})

test('who wrote a file', async () => {
  expect((await read('keras3.keras')).metadata).toEqual({ keras_version: '3.15.1' })
  expect((await read('keras2.h5')).metadata).toEqual({ keras_version: '2.16.0', backend: 'tensorflow' })
})

test('what Keras 2.12 calls the layers of a model', () => {
  const objects = readHdf5(unzipSync(goldenBytes('keras3.keras.gz'))['model.weights.h5']!, openBudget(0))
  const old = objects.map((object) => ({ ...object, path: object.path.replace('layers', '_layer_checkpoint_dependencies') }))
  expect(readVariables(renameContainers(old), new Map())).toEqual(readVariables(objects, new Map()))
})

describe('weights without a graph, under other names', () => {
  test.each([
    ['predictions, as now', 'predictions'],
    ['Logits, in the first versions', 'Logits'],
    ["dense, a layer of somebody's own", 'dense'],
  ])('the classifier is %s', async (_, classifier) => {
    const withoutGraph = { ...(await read('keras3.h5')), graph: null }
    const network = await toNetwork(renamed(withoutGraph, (name) => name.replace('predictions', classifier)))
    expect(network.source.naming).toBe('keras')
    expectAllClose(logitsOf(network, keras3.size), keras3.logits, { relative: 1e-5 })
  })
})

describe('networks without a classifier', () => {
  const without = (checkpoint: Checkpoint, operators: number): Checkpoint => ({
    ...checkpoint,
    graph: checkpoint.graph && { ...checkpoint.graph, operators: checkpoint.graph.operators.slice(0, operators) },
    tensors: new Map([...checkpoint.tensors].filter(([name]) => !name.startsWith('dense/'))),
  })

  test.each([
    ['weights alone', 'keras2.weights.h5', 0],
    ['a graph that ends at the pool', 'keras2.h5', 53],
    ['a graph that ends before the pool', 'keras2.h5', 52],
  ])('%s', async (_, file, operators) => {
    const whole = await read(file)
    const { options, architecture, parameters, classes } = await toNetwork(without(whole, operators))
    expect(options.classes).toBe(0)
    expect(classes).toMatchObject({ labels: [], background: null, output: 'logits' })
    expect(architecture.layers.at(-1)?.id).toBe('pool')
    expect(parameters.get('head')).toEqual((await toNetwork(whole)).parameters.get('head'))
  })
})
