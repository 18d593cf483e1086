import { type DefinitionOptions, defineMobileNet, geometryRoundings, interpolations, type Preprocessing } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { PlainValue } from '../src/checkpoint.js'
import { openBudget } from '../src/formats/budget.js'
import { readOnnxModel } from '../src/formats/onnx/model.js'
import {
  type Network,
  quantizeNetwork,
  readCheckpoint,
  readNetwork,
  type SafetensorsNetwork,
  type TfjsGraphModel,
  type ToNetworkOptions,
  toOnnx,
  toSafetensors,
  toTfjs,
  toTflite,
  type WritableNetwork,
  withHead,
} from '../src/index.js'
import { floatNetwork, onPictures, seededPictures } from './support/calibration.js'
import { smallest } from './support/small-options.js'

type WholeNetwork = WritableNetwork & SafetensorsNetwork

/** A change of the text of a description before the file is read. */
type Change = (json: string) => string

const encoder = new TextEncoder()

/** A binary file with another description of the same length or a shorter one: spaces fill it up. */
function withDescription(file: Uint8Array, json: string, change: Change): Uint8Array {
  const [before, after] = [encoder.encode(json), encoder.encode(change(json))]
  const text = Buffer.from(file)
  const at = text.indexOf(before)
  if (at < 0 || after.length > before.length) throw new Error('There is no such description, or the changed one is longer.')
  text.fill(' ', at, at + before.length)
  text.set(after, at)
  return new Uint8Array(text)
}

const descriptionOf = (network: WholeNetwork): string => String(toTfjs(network).modelJson.userDefinedMetadata.mobilenetv2)

const unchanged: Change = (json) => json

/** How each format writes a network, changes its description and reads it. */
const formats: Readonly<Record<string, (network: WholeNetwork, change?: Change, options?: ToNetworkOptions) => Promise<Network>>> =
  {
    safetensors: (network, change = unchanged, options = {}) => {
      const escaped = (json: string): string => JSON.stringify(json)
      const changeEscaped = (json: string): string => escaped(change(JSON.parse(json) as string))
      return readNetwork(withDescription(toSafetensors(network), escaped(descriptionOf(network)), changeEscaped), options)
    },
    ONNX: (network, change = unchanged, options = {}) =>
      readNetwork(withDescription(toOnnx(network), descriptionOf(network), change), options),
    'ONNX, channels last': (network, change = unchanged, options = {}) =>
      readNetwork(withDescription(toOnnx(network, { layout: 'channelsLast' }), descriptionOf(network), change), options),
    'TensorFlow Lite': (network, change = unchanged, options = {}) =>
      readNetwork(withDescription(toTflite(network), descriptionOf(network), change), options),
    'TensorFlow.js': (network, change = unchanged, options = {}) => readTfjs(toTfjs(network), change, options),
  }

function readTfjs({ modelJson, shards }: TfjsGraphModel, change: Change, options: ToNetworkOptions = {}): Promise<Network> {
  const { mobilenetv2: json, ...others } = modelJson.userDefinedMetadata
  const model = { ...modelJson, userDefinedMetadata: { ...others, mobilenetv2: change(String(json)) } }
  const readSibling = async (name: string) => shards.find((shard) => shard.name === name)?.bytes ?? null
  return readNetwork(encoder.encode(JSON.stringify(model)), { ...options, readSibling })
}

const recipe: Preprocessing = {
  geometry: { kind: 'shorterSide', size: 70, rounding: 'torchvision' },
  interpolation: 'bicubic',
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
}

function networkOf(options: DefinitionOptions, changes: Partial<SafetensorsNetwork> = {}): WholeNetwork {
  const architecture = defineMobileNet(options)
  return {
    options,
    architecture,
    parameters: seededParameters(architecture),
    preprocessing: recipe,
    classes: { labels: [], background: null, output: 'softmax' },
    ...changes,
  }
}

/** Options with strides. The last map has several positions. */
const strided = { ...smallest, table: [[1, 4, 1, 2] as const, [2, 4, 2, 2] as const], height: 17, width: 30 }

/** Networks whose graphs leave open what their options were, and others. */
const definitions: readonly DefinitionOptions[] = [
  { ...smallest, padding: 'same' },
  { ...smallest, padding: 'symmetric', batchNormEpsilon: 2e-3 },
  { ...strided, padding: 'same', residual: 'none' },
  { ...strided, padding: 'symmetric', channelDivisor: 4, bottleneckActivation: 'relu6' },
  { ...strided, residual: 'expansion', activation: 'relu' },
  { ...smallest, headChannels: 0, positionLayers: [{ units: 6, activation: 'relu' }] },
  { ...smallest, positionLayers: [{ units: 6, activation: 'linear' }], pool: 'average' },
  { ...strided, pool: 'max', headLayers: [{ units: 4, activation: 'leakyRelu:0.3' }] },
  { ...strided, pool: 'none', headLayers: [{ units: 5, activation: 'silu' }] },
  { widthMultiplier: 0.1, height: 32, width: 32, headChannels: 8 },
  { family: 'MobileNetV1', widthMultiplier: 0.1, height: 32, width: 32, pool: 'average' },
]

/** Names as people give them. Another test has names with control characters, which readers remove. */
const label = fc.oneof(
  fc.constantFrom('background', 'Background', 'a "b"\\', "it's", '日本 🐈', '', ' x ', 'a, b', '0 cat', 'LABEL_0', '[1]', '{}'),
  fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(text)),
)

const triple = (min: number, max: number): fc.Arbitrary<Preprocessing['mean']> => {
  const number = fc.double({ min, max, noNaN: true }).map((value) => value + 0)
  return fc.tuple(number, number, number)
}

const preprocessing: fc.Arbitrary<Preprocessing> = fc.record({
  geometry: fc.oneof(
    fc.record({
      kind: fc.constant('shorterSide' as const),
      size: fc.integer({ min: 8, max: 512 }),
      rounding: fc.constantFrom(...geometryRoundings),
    }),
    fc.constant({ kind: 'stretch' } as const),
    fc.record({ kind: fc.constant('centralFraction' as const), fraction: fc.double({ min: 0.1, max: 1, noNaN: true }) }),
  ) as fc.Arbitrary<Preprocessing['geometry']>,
  interpolation: fc.constantFrom(...interpolations),
  mean: triple(-200, 200),
  deviation: triple(1e-3, 300),
})

/** Labels and background class of so many logits. */
function classesOf(logits: number): fc.Arbitrary<Pick<Network['classes'], 'labels' | 'background'>> {
  const background = logits < 2 ? fc.constant(null) : fc.option(fc.nat(logits - 1))
  return background.chain((index) => {
    const count = logits === 1 ? fc.constantFrom(0, 1, 2) : fc.constantFrom(0, logits - (index === null ? 0 : 1))
    return count.chain((length) =>
      fc.record({ labels: fc.array(label, { minLength: length, maxLength: length }), background: fc.constant(index) }),
    )
  })
}

/** The description of a network that a file should have. `networkOf` adds the rest. */
const descriptions: fc.Arbitrary<Omit<SafetensorsNetwork, 'parameters'>> = fc
  .constantFrom(...definitions)
  .chain((definition) => {
    // Only a classifier follows other layers of a head.
    const least = 'headLayers' in definition || 'positionLayers' in definition ? 1 : 0
    return fc.record({ definition: fc.constant(definition), classes: fc.integer({ min: least, max: 4 }) })
  })
  .chain(({ definition, classes }) =>
    fc
      .record({
        preprocessing,
        named: classesOf(classes),
        output: fc.constantFrom('softmax' as const, 'sigmoid' as const, 'logits' as const),
        report: fc.option(fc.jsonValue()),
      })
      // Two labels do not fit a single output that is read by softmax.
      .filter(({ named: { labels }, output }) => labels.length < 2 || classes > 1 || output !== 'softmax')
      .map(({ named, output, report, ...rest }) => ({
        ...rest,
        options: { ...definition, classes },
        classes: { ...named, output },
        ...(report === null ? {} : { report: JSON.parse(JSON.stringify(report)) as PlainValue }),
      })),
  )

describe.each(Object.entries(formats))('%s', (_, rewritten) => {
  it('gives back a network with its options, preprocessing, classes and report, and the same logits', async () => {
    await fc.assert(
      fc.asyncProperty(descriptions, async ({ options, ...described }) => {
        const network = networkOf(options, described)
        const { architecture, parameters } = network
        const read = await rewritten(network)
        expect(read.options).toEqual(options)
        expect(read.architecture).toEqual(architecture)
        expect(read.preprocessing).toEqual(network.preprocessing)
        const outputReason = architecture.classes === 0 ? 'there is no classifier' : "the file's metadata say so"
        expect(read.classes).toEqual({ ...network.classes, outputReason })
        expect(read.report).toEqual(network.report)
        expect(read.source.naming).toBe('mobilenetv2')
        const input = seededInput(architecture)
        const { logits } = runReference(read.architecture, read.parameters, input)
        expectAllClose(logits, runReference(architecture, parameters, input).logits, { relative: 1e-5 })
      }),
      { numRuns: 60 },
    )
  })

  it('says in its reasons that the metadata of the file state everything', async () => {
    const classes = { labels: ['cat', 'dog'], background: 0, output: 'sigmoid' } as const
    const { reasons } = await rewritten(networkOf({ ...smallest, padding: 'same' }, { classes }))
    expect(reasons).toEqual([
      'naming mobilenetv2: this project wrote the file, and its metadata describe the network',
      "preprocessing shorter side 70, centre crop: the file's metadata say so",
      "interpolation bicubic: the file's metadata say so",
      "mean 0.485, 0.456, 0.406: the file's metadata say so",
      "deviation 0.229, 0.224, 0.225: the file's metadata say so",
      "background class 0: the file's metadata say so",
      "labels of 2 classes: the file's metadata say so",
      "output sigmoid: the file's metadata say so",
    ])
  })

  it('is read with labels that are safe to print: control characters become spaces', async () => {
    const classes = { labels: ['a\nb', 'a\nb', '\u001b[31mred\u202e'], background: null, output: 'softmax' } as const
    const read = await rewritten(networkOf({ ...smallest, padding: 'same' }, { classes }))
    expect(read.classes.labels).toEqual(['a b', 'a b', '[31mred'])
  })

  it('is not believed if it contradicts the layers', async () => {
    const classes = { labels: ['a', 'b', 'c'], background: null, output: 'softmax' } as const
    const network = networkOf({ ...strided, padding: 'same' }, { classes })
    const message = async (from: string, to: string): Promise<string> => {
      const change = (json: string): string => {
        if (!json.includes(from)) throw new Error(`${json} lacks ${from}`)
        return json.replace(from, to)
      }
      return rewritten(network, change).then(
        () => 'nothing',
        (error: Error) => `${error.name}: ${error.message}`,
      )
    }
    expect(await message('"classes":3', '"classes":4')).toMatch(/^CheckpointError: [\s\S]*(match|layer classifier)/)
    expect(await message('"classes":3', '"classes":0')).toMatch(/^CheckpointError: [\s\S]*match/)
    expect(await message('"headChannels":8', '"headChannels":0')).toMatch(/^CheckpointError: [\s\S]*(match|layer)/)
    expect(await message('[2,4,2,2]', '[2,4,1,2]')).toMatch(/^CheckpointError: [\s\S]*(match|layer)/)
    expect(await message('["a","b","c"]', '["a","b"]')).toMatch(/^CheckpointError: [\s\S]*2 labels/)
    expect(await message('"backgroundClass":null', '"backgroundClass":3')).toMatch(/^CheckpointError: [\s\S]*class 3/)
    expect(await message('"bicubic"', '"lanczo"')).toMatch(/^CheckpointError: [\s\S]*lanczo/)
    expect(await message('"geometry"', '"geometrx"')).toMatch(/^CheckpointError: [\s\S]*geometry/)
    expect(await message('"softmax"', '"argmax"')).toMatch(/^CheckpointError: [\s\S]*argmax/)
    expect(await message('"classes":3', '"classes":x')).toMatch(/^CheckpointError: [\s\S]*JSON/)
  })

  it('is believed after the caller', async () => {
    const classes = { labels: ['a', 'b'], background: 2, output: 'softmax' } as const
    const network = networkOf({ ...smallest, padding: 'same' }, { classes })
    const stated = { labels: ['background', 'x', 'y'], output: 'sigmoid', preprocessing: { mean: [0, 0, 0] } } as const
    const read = await rewritten(network, unchanged, stated)
    expect(read.classes).toMatchObject({ labels: ['x', 'y'], background: 0, output: 'sigmoid' })
    expect(read.preprocessing).toEqual({ ...recipe, mean: [0, 0, 0] })
  })
})

test.each(Object.entries(formats).filter(([name]) => name !== 'safetensors'))(
  '%s of another size of pictures than its description says is refused',
  async (_, rewritten) => {
    const change: Change = (json) => json.replace('"height":8', '"height":9')
    await expect(rewritten(networkOf({ ...smallest, padding: 'same' }), change)).rejects.toThrow(/graph[\s\S]*9 x 8[\s\S]*8 x 8/)
  },
)

test('a description without classes is read with labels that another program adds', async () => {
  const model = toTfjs(networkOf({ ...smallest, padding: 'same' }))
  model.modelJson.userDefinedMetadata.labels = ['cat', 'dog', 'emu']
  const { classes, reasons } = await readTfjs(model, unchanged)
  expect(classes.labels).toEqual(['cat', 'dog', 'emu'])
  expect(reasons).toContain('labels of 3 classes: the file names them in userDefinedMetadata.labels')
})

test('a graph that ends in sigmoids is not one class of several, whatever its description says', async () => {
  const network = networkOf({ ...smallest, padding: 'same' }, { classes: { labels: [], background: null, output: 'softmax' } })
  const ended = (model: TfjsGraphModel): TfjsGraphModel => {
    const { node } = model.modelJson.modelTopology
    node.push({ name: 'end', op: 'Sigmoid', input: ['classifier'], attr: {} })
    model.modelJson.signature.outputs.logits.name = 'end:0'
    return model
  }
  await expect(readTfjs(ended(toTfjs(network)), unchanged)).rejects.toThrow(/softmax[\s\S]*ends in a sigmoid/)
  const { classes } = await readTfjs(ended(toTfjs(network)), (json) => json.replace('"softmax"', '"logits"'))
  expect(classes.output).toBe('sigmoid')
})

test('a graph that scales its input is not what its description says', async () => {
  const model = toTfjs(networkOf({ ...smallest, padding: 'same' }))
  const { node } = model.modelJson.modelTopology
  const stem = node.find(({ name }) => name === 'stem')!
  node.push({ name: 'scaled', op: 'Mul', input: ['input', 'classifier/bias'], attr: {} })
  stem.input = ['scaled', ...stem.input!.slice(1)]
  await expect(readTfjs(model, unchanged)).rejects.toThrow(/does not match its graph[\s\S]*scales/)
})

test.each([
  { output: 'softmax', classes: 3, read: 'softmax' },
  { output: 'sigmoid', classes: 3, read: 'sigmoid' },
  // The integers end in probabilities, so the file says which of the two it is.
  { output: 'logits', classes: 3, read: 'softmax' },
  { output: 'logits', classes: 1, read: 'sigmoid' },
] as const)('int8 of TensorFlow Lite with $classes classes, read as $output: the same classes and options', async (given) => {
  const labels = given.classes === 1 ? ['no', 'yes'] : ['Katze', 'background']
  const background = given.classes === 1 ? null : 1
  const report = { accuracy: 0.93, pictures: 120 }
  const classes = { labels, background, output: given.output, outputReason: '' }
  const options = { ...smallest, padding: 'same', classes: given.classes, batchNormEpsilon: 1e-3 } as const
  const network = floatNetwork(options, { preprocessing: recipe, classes })
  const { integers } = await quantizeNetwork(network, onPictures(seededPictures(network, 2)))
  const read = await readNetwork(toTflite({ ...network, integers, report }, { dtype: 'I8' }))
  expect(read).toMatchObject({ options, integers, preprocessing: recipe, report })
  expect(read.classes).toEqual({ ...classes, output: given.read, outputReason: "the file's metadata say so" })
})

describe('other programs find', () => {
  const classes = { labels: ['a "b"', 'ü 🐈'], background: 0, output: 'softmax' } as const
  const network = networkOf({ ...smallest, padding: 'same' }, { classes })
  const names = ['background', 'a "b"', 'ü 🐈']

  it('names in ONNX', () => {
    const { metadata } = readOnnxModel(toOnnx(network), openBudget(2 ** 20))
    expect(JSON.parse(metadata.names!)).toEqual(names)
  })

  it('labels in TensorFlow.js, as metadata of its model', () => {
    expect(toTfjs(network).modelJson.userDefinedMetadata.labels).toEqual(names)
  })

  it('labels and normalisation in TensorFlow Lite', async () => {
    const { graph, metadata } = await readCheckpoint(toTflite(network))
    expect(metadata.labels).toEqual(names)
    const levels = (values: readonly number[]): number[] => [...Float32Array.from(values, (value) => 255 * value)]
    expect(graph!.input.normalization).toEqual({ mean: levels(recipe.mean), deviation: levels(recipe.deviation) })
  })

  it('no list of two names for one output', async () => {
    const single = networkOf(
      { ...smallest, padding: 'same', classes: 1 },
      { classes: { labels: ['no', 'yes'], background: null, output: 'sigmoid' } },
    )
    expect(toTfjs(single).modelJson.userDefinedMetadata.labels).toBeUndefined()
    expect((await readCheckpoint(toTflite(single))).metadata.labels).toBeUndefined()
    expect((await readCheckpoint(toOnnx(single))).metadata.names).toBeUndefined()
  })

  it('nothing where there are only layers', async () => {
    const { architecture, parameters } = network
    expect(toTfjs({ architecture, parameters }).modelJson.userDefinedMetadata).toEqual({})
    expect((await readNetwork(toOnnx({ architecture, parameters }))).source.naming).toBe('structural')
  })
})

describe.each([
  ['toOnnx', toOnnx],
  ['toTflite', toTflite],
  ['toTfjs', toTfjs],
] as const)('%s refuses', (_, write: (network: WritableNetwork) => unknown) => {
  const network = networkOf({ ...smallest, padding: 'same' })

  it('options of another architecture', () => {
    const options = { ...smallest, padding: 'same', classes: 4 } as const
    expect(() => write({ ...network, options })).toThrow(/do not define its architecture[\s\S]*classifier/)
    expect(() => write({ ...network, options: { ...options, classes: 0 } })).toThrow(/the end of the options/)
  })

  it('labels of another classifier', () => {
    const classes = { labels: ['a', 'b'], background: null, output: 'softmax' } as const
    expect(() => write({ ...network, classes })).toThrow('belong to another classifier')
  })

  it('a part of a description', () => {
    for (const name of ['options', 'preprocessing', 'classes']) {
      expect(() => write({ ...network, [name]: undefined } as WritableNetwork)).toThrow(name)
    }
  })
})

test('another head drops the report of the old one', async () => {
  const read = await formats.ONNX!(networkOf({ ...smallest, padding: 'same' }, { report: { accuracy: 1 } }))
  const head = { kernel: new Float32Array(8), bias: new Float32Array(1), labels: ['background'] }
  expect(withHead(read, head).report).toBeUndefined()
  const taught = await formats.ONNX!(withHead(read, { ...head, report: { accuracy: 0.5 } }))
  expect(taught.report).toEqual({ accuracy: 0.5 })
  expect(taught.classes).toMatchObject({ labels: ['background'], background: null })
})
