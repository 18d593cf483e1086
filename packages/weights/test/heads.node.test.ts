import { expectAllClose, runReference, softmax } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { type Network, readNetwork } from '../src/index.js'
import { golden, goldenBytes } from './support/goldens.js'
import { logitsOf as logitsOfLevels } from './support/logits-of.js'

interface Answer {
  readonly size: number
  readonly probabilities: readonly number[]
}

/** The first picture of `heads.py`, as the network takes it. */
function pictureFor({ preprocessing: { mean, deviation } }: Network, size: number): Float32Array {
  return Float32Array.from({ length: size * size * 3 }, (_, index) => {
    const [c, x, y] = [index % 3, Math.floor(index / 3) % size, Math.floor(index / 3 / size)]
    const [row, column] = [Math.floor(y / 8), Math.floor(x / 8)]
    const level = ((37 * row + 101 * column + 59 * c + 13 * row * column) % 200) + ((7 * y + 11 * x + 3 * c) % 55)
    return (level / 255 - mean[c]!) / deviation[c]!
  })
}

function logitsOf(network: Network, size: number): Float32Array {
  return runReference(network.architecture, network.parameters, pictureFor(network, size)).logits
}

test("Edge Impulse's head in TensorFlow Lite, whose shapes the graph works out: Keras's probabilities within 1e-5", async () => {
  const { size, probabilities } = golden<Answer>('heads-positions.json')
  const network = await readNetwork(goldenBytes('heads-positions.tflite'))
  expect(network.options).toMatchObject({ pool: 'none', positionLayers: [{ units: 6, activation: 'relu' }], classes: 3 })
  expect(network.classes.output).toBe('softmax')
  expectAllClose(softmax(logitsOf(network, size)), probabilities, { absolute: 1e-5 })
})

test("tf2onnx's graph of a flattened map, GELU, SELU, swish and sigmoids: Keras's probabilities within 1e-5", async () => {
  const { size, probabilities } = golden<Answer>('heads-functions.json')
  const network = await readNetwork(goldenBytes('heads-functions.onnx'))
  expect(network.options).toMatchObject({
    pool: 'none',
    padding: 'same',
    headLayers: [
      { units: 7, activation: 'gelu' },
      { units: 6, activation: 'selu' },
      { units: 5, activation: 'silu' },
    ],
  })
  expect(network.classes.output).toBe('sigmoid')
  const found = [...logitsOf(network, size)].map((logit) => 1 / (1 + Math.exp(-logit)))
  expectAllClose(found, probabilities, { absolute: 1e-5 })
})

test.each([
  ['Gemm between QuantizeLinear and DequantizeLinear', 'heads-qdq'],
  ['QLinearMatMul and QLinearAdd', 'heads-qoperator'],
])('%s: a ReLU that ONNX Runtime left out of the head', async (_, file) => {
  const { size, floatLogits } = golden<{ readonly size: number; readonly floatLogits: readonly number[] }>(`${file}.json`)
  const network = await readNetwork(goldenBytes(`${file}.onnx`))
  expect(network.options).toMatchObject({ headLayers: [{ units: 16, activation: 'relu' }], classes: 5 })
  // Weights in 8 bits change these logits by up to 0.7. Without the ReLU they change by 12.
  expectAllClose(logitsOfLevels(network, size), floatLogits, { absolute: 1 })
})
