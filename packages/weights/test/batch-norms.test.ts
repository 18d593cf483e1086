import { isWeighted, type LayerId } from '@mobilenetv2/spec'
import { expect, test } from 'vitest'
import { readCheckpoint, readNetwork, toNetwork, toTflite } from '../src/index.js'
import { goldenBytes } from './support/goldens.js'

const checkpoint = await readCheckpoint(goldenBytes('torchvision.pth'), { file: 'torchvision.pth' })

/** A vector of the checkpoint, float32. */
function vector(name: string): Float32Array {
  return new Float32Array(checkpoint.tensors.get(name)!.bytes.slice().buffer)
}

test('the BatchNorms of a file that keeps them are beside its folded parameters', async () => {
  const { architecture, parameters, batchNorms } = await toNetwork(checkpoint)
  const normalized = architecture.layers.filter((layer) => isWeighted(layer) && layer.batchNorm)
  expect([...batchNorms.keys()]).toEqual(normalized.map(({ id }) => id))
  const { gamma, mean, variance } = batchNorms.get('stem')!
  expect(gamma).toEqual(vector('features.0.1.weight'))
  expect(mean).toEqual(vector('features.0.1.running_mean'))
  expect(variance).toEqual(vector('features.0.1.running_var'))
  const beta = vector('features.0.1.bias')
  const expected = beta.map(
    (value, at) => value - (mean[at]! * gamma[at]!) / Math.sqrt(variance[at]! + architecture.batchNormEpsilon),
  )
  for (const [at, value] of parameters.get('stem')!.bias.entries()) expect(value).toBeCloseTo(expected[at]!, 5)
})

test('a file in which BatchNorm is folded has none', async () => {
  const network = await readNetwork(toTflite(await toNetwork(checkpoint)))
  expect(network.batchNorms).toEqual(new Map<LayerId, never>())
})
