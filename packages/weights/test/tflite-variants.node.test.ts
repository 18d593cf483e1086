import { expectAllClose } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { type ProducersAnswer, readGolden } from './support/logits-of.js'

interface QuantizedAnswer extends ProducersAnswer {
  readonly floatLogits?: readonly number[]
}

/** LiteRT decodes float16 weights and computes in floats, as this package does. Its integer kernels round each activation. */
test.each([
  { name: 'float16', relative: 1e-4 },
  { name: 'dynamic-range', relative: 2e-2 },
  { name: 'int16', relative: 2e-2 },
])(
  "$name.tflite: LiteRT's logits, and Keras's with the numbers that are stored, from the file alone",
  async ({ name, relative }) => {
    const { network, logits, expected } = await readGolden<QuantizedAnswer>(`${name}.tflite`)
    const shape = { widthMultiplier: 0.1, height: 64, width: 64, classes: 4, headChannels: 64, padding: 'same' }
    expect(network.options).toMatchObject(shape)
    expectAllClose(logits, expected.logits, { relative })
    expectAllClose(logits, expected.floatLogits ?? expected.logits, { relative: 1e-4 })
  },
)
