import { mobileNetV2Table } from '@mobilenetv2/spec'
import { expectAllClose } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { toNetwork } from '../src/index.js'
import { type ProducersAnswer, readGolden } from './support/logits-of.js'

const repetitions = [1, 2, 1, 2, 1, 1, 1]
const expectedOptions = {
  widthMultiplier: 0.1,
  table: mobileNetV2Table.map(([t, c, , s], row) => [t, c, repetitions[row], s]),
  headChannels: 160,
  height: 64,
  width: 64,
  classes: 7,
  padding: 'symmetric',
  batchNormEpsilon: 1e-5,
}

test.each(['onnx-folded', 'onnx-batch-norm'])(
  "%s: ONNX Runtime's logits within 1e-5 of the largest, from the file alone",
  async (name) => {
    const { checkpoint, network, logits, expected } = await readGolden(`${name}.onnx`)
    expect(checkpoint.format).toBe('onnx')
    expect(network).toMatchObject({
      source: { format: 'onnx', naming: 'structural' },
      preprocessing: { mean: [0.485, 0.456, 0.406] },
    })
    expect(network.options).toEqual(expectedOptions)
    expectAllClose(logits, expected.logits, { relative: 1e-5 })
  },
)

interface QuantizedAnswer extends ProducersAnswer {
  readonly floatLogits: readonly number[]
}

test.each([
  { name: 'onnx-qdq', relative: 0.2 },
  { name: 'onnx-qoperator', relative: 0.2 },
  { name: 'onnx-dynamic', relative: 0.06 },
])(
  '$name: kernels and biases stand for the numbers that ONNX Runtime uses; its logits from integers are near',
  async ({ name, relative }) => {
    const { network, logits, expected } = await readGolden<QuantizedAnswer>(`${name}.onnx`)
    expect(network.options).toEqual(expectedOptions)
    expectAllClose(logits, expected.floatLogits, { relative: 1e-5 })
    expectAllClose(logits, expected.logits, { relative })
  },
)

test('a classifier before an average pool equals a classifier after it; without a pool it is a detector', async () => {
  const { checkpoint, network } = await readGolden('onnx-folded.onnx')
  const { graph } = checkpoint
  const [pool, classifier] = graph!.operators.slice(-2)
  const body = graph!.operators.slice(0, -2)
  const withEnd = (end: typeof body): typeof checkpoint => ({ ...checkpoint, graph: { ...graph!, operators: [...body, ...end] } })
  const swapped = await toNetwork(withEnd([classifier!, pool!]))
  expect(swapped.architecture).toEqual(network.architecture)
  expect(swapped.parameters.get('classifier')).toEqual(network.parameters.get('classifier'))
  await expect(toNetwork(withEnd([classifier!]))).rejects.toThrow('FOMO')
})
