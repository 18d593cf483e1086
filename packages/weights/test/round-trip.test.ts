import { defineMobileNetV2, headActivations, type MobileNetV2Options } from '@mobilenetv2/spec'
import { expectAllClose, seededParameters } from '@mobilenetv2/testing'
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

test.each<{ title: string; options: MobileNetV2Options }>([
  ...[headActivations.slice(0, 6), [...headActivations.slice(6), 'leakyRelu:0.2' as const]].map((activations) => ({
    title: activations.join(', '),
    options: { ...narrow, headLayers: activations.map((activation) => ({ units: 5, activation })) },
  })),
  { title: 'a maximum', options: { ...narrow, pool: 'max' } },
  { title: 'no pool', options: { ...narrow, pool: 'none' } },
  { title: 'layers at each position', options: { ...narrow, pool: 'none', positionLayers: [{ units: 4, activation: 'relu' }] } },
])('written as ONNX, then read: the same network, bit for bit ($title)', async ({ options }) => {
  const architecture = defineMobileNetV2(options)
  const parameters = seededParameters(architecture)
  for (const layout of ['channelsFirst', 'channelsLast'] as const) {
    const network = await readNetwork(toOnnx({ architecture, parameters }, { layout }))
    expect(network.architecture.layers).toEqual(architecture.layers)
    for (const [id, { kernel, bias }] of parameters) {
      expectAllClose(network.parameters.get(id)!.kernel, kernel, { relative: 0 })
      expectAllClose(network.parameters.get(id)!.bias, bias, { relative: 0 })
    }
  }
})
