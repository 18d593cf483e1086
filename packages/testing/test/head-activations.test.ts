import { splitArchitecture, withTail } from '@mobilenetv2/runtime'
import { type CompiledModel, defineMobileNetV2, isHeadActivation, type LayerId, type LayerParameters } from '@mobilenetv2/spec'
import { expect, test } from 'vitest'
import keras from '../goldens/keras_activations.json' with { type: 'json' }
import pytorch from '../goldens/pytorch_activations.json' with { type: 'json' }
import { expectAllClose } from '../src/all-close.js'

/** What the tail of a network makes of values, through a dense layer that is the identity. */
async function throughTail(activation: string, values: readonly number[]): Promise<Float32Array> {
  if (!isHeadActivation(activation)) throw new Error(activation)
  const units = values.length
  const whole = defineMobileNetV2({ headChannels: units, headLayers: [{ units, activation }], classes: units })
  const architecture = { ...whole, layers: whole.layers.slice(0, -1) }
  const identity: LayerParameters = { kernel: new Float32Array(units * units), bias: new Float32Array(units) }
  for (let unit = 0; unit < units; unit++) identity.kernel[unit * (units + 1)] = 1
  const body = { run: async () => ({ logits: new Float32Array(values) }) } as unknown as CompiledModel
  const parameters = new Map<LayerId, LayerParameters>([['dense1', identity]])
  const tail = splitArchitecture(architecture).tail
  const model = await withTail(body, { architecture, tail, parameters })
  return (await model.run(new Float32Array(0))).logits
}

const goldens = [pytorch, keras].flatMap(({ producer, cases }) =>
  cases.map((each) => ({ ...each, producer, exact: producer.startsWith('PyTorch') })),
)

// A network of these activations has no tail.
const inTail = goldens.filter(({ activation }) => !['linear', 'relu', 'relu6'].includes(activation))

test.each(inTail)('$activation is that of $producer', async ({ activation, inputs, outputs, exact }) => {
  expectAllClose(await throughTail(activation, inputs), Float32Array.from(outputs), { absolute: exact ? 1e-6 : 2e-6 })
})

test('both frameworks have every activation', () => {
  expect(pytorch.cases.map(({ activation }) => activation)).toEqual(keras.cases.map(({ activation }) => activation))
})
