import { type DefinitionOptions, defineMobileNet, defineMobileNetV2, type MobileNetV2Options } from '@mobilenetv2/spec'
import { expectAllClose, heads, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { type Network, type RunnableNetwork, readNetwork, toOnnx, toTfjs, toTflite } from '../src/index.js'

const narrow: MobileNetV2Options = { widthMultiplier: 0.1, headChannels: 16, classes: 3, height: 64, width: 64 }
const cases: { title: string; options: MobileNetV2Options; expected?: object }[] = [
  { title: 'symmetric', options: narrow },
  { title: 'same', options: { ...narrow, padding: 'same' } },
  { title: 'same, on an odd input', options: { ...narrow, padding: 'same', height: 65, width: 97 } },
  { title: 'residuals between expansions', options: { ...narrow, residual: 'expansion' }, expected: { residual: 'expansion' } },
  { title: 'no residuals', options: { ...narrow, residual: 'none' }, expected: { residual: 'none' } },
  {
    title: 'ReLU6 bottlenecks',
    options: { ...narrow, bottleneckActivation: 'relu6' },
    expected: { bottleneckActivation: 'relu6' },
  },
  { title: 'a width that nobody has published', options: { ...narrow, widthMultiplier: 0.62 } },
  {
    title: 'hidden dense layers',
    options: {
      ...narrow,
      headLayers: [
        { units: 12, activation: 'relu' },
        { units: 9, activation: 'relu6' },
        { units: 5, activation: 'linear' },
      ],
    },
  },
  { title: 'no classifier', options: { ...narrow, classes: 0 } },
  {
    title: 'width 0.35 with a usual head',
    options: { widthMultiplier: 0.35, classes: 1001, height: 96, width: 96, padding: 'same' },
  },
]

/** A network, written in each format and read again. */
async function rewritten(network: RunnableNetwork): Promise<Network[]> {
  const { modelJson, shards } = toTfjs(network)
  const readSibling = async (name: string): Promise<Uint8Array | null> => shards.find((shard) => shard.name === name)?.bytes ?? null
  return [
    await readNetwork(toTflite(network)),
    await readNetwork(toOnnx(network)),
    await readNetwork(toOnnx(network, { layout: 'channelsLast', features: true })),
    await readNetwork(new TextEncoder().encode(JSON.stringify(modelJson)), { readSibling }),
  ]
}

test.each(cases)(
  'written as TFLite, ONNX and TensorFlow.js, then read: the same network, bit for bit ($title)',
  async ({ options, expected = {} }) => {
    const architecture = defineMobileNetV2(options)
    const parameters = seededParameters(architecture)
    for (const network of await rewritten({ architecture, parameters })) {
      expect(network.options).toMatchObject(expected)
      expect(network.architecture).toEqual(defineMobileNetV2(network.options))
      const { batchNormEpsilon, ...read } = network.architecture
      expect(batchNormEpsilon).toBeGreaterThan(0)
      expect(read).toEqual({ ...architecture, batchNormEpsilon: undefined, padding: read.padding })
      for (const [id, { kernel, bias }] of parameters) {
        expectAllClose(network.parameters.get(id)!.kernel, kernel, {})
        expectAllClose(network.parameters.get(id)!.bias, bias, {})
      }
    }
  },
)

const withHeads: readonly (readonly [string, DefinitionOptions])[] = [
  ...heads.map(([title, options]) => [title, { ...narrow, ...options }] as const),
  ...(['average', 'max', 'none'] as const).map((pool): [string, DefinitionOptions] => [
    `MobileNetV1, pool ${pool}`,
    { family: 'MobileNetV1', widthMultiplier: 0.25, height: 64, width: 64, classes: 3, pool },
  ]),
]

type Format = 'ONNX' | 'TFLite' | 'TensorFlow.js'

function writtenAs(format: Format, network: RunnableNetwork): Promise<Network> {
  switch (format) {
    case 'ONNX':
      return readNetwork(toOnnx(network))
    case 'TFLite':
      return readNetwork(toTflite(network))
    case 'TensorFlow.js': {
      const { modelJson, shards } = toTfjs(network)
      const readSibling = async (name: string): Promise<Uint8Array | null> =>
        shards.find((shard) => shard.name === name)?.bytes ?? null
      return readNetwork(new TextEncoder().encode(JSON.stringify(modelJson)), { readSibling })
    }
    default:
      throw new Error(`unknown format ${format satisfies never}`)
  }
}

test.each(
  withHeads.flatMap(([title, options]) =>
    (['ONNX', 'TFLite', 'TensorFlow.js'] as const).map((format) => ({ title, options, format })),
  ),
)('written as $format, then read: the same logits ($title)', async ({ options, format }) => {
  const architecture = defineMobileNet(options)
  const parameters = seededParameters(architecture)
  if (format === 'TFLite' && architecture.layers.some(({ activation }) => activation === 'selu')) {
    expect(() => toTflite({ architecture, parameters })).toThrow(/selu[\s\S]*safetensors, ONNX or TensorFlow.js/)
    return
  }
  const read = await writtenAs(format, { architecture, parameters })
  const input = seededInput(architecture)
  const { logits } = runReference(read.architecture, read.parameters, input)
  expectAllClose(logits, runReference(architecture, parameters, input).logits, { relative: 1e-5 })
})
