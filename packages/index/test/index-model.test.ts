import { expect, it } from 'vitest'
import { describeModel } from '../src/index.js'
import { smallNetwork } from './network.js'

it('states the file, the recipe, the input and the length of an embedding', () => {
  expect(describeModel(smallNetwork())).toEqual({
    file: 'small.safetensors',
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    recipe: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
    input: [32, 32],
    channels: 16,
  })
})

it('has the same hash for the same weights, and another one for one other weight', () => {
  const [network, changed] = [smallNetwork(), smallNetwork()]
  expect(describeModel(changed).hash).toBe(describeModel(network).hash)
  changed.parameters.get('head')!.bias[3]! += 1e-6
  expect(describeModel(changed).hash).not.toBe(describeModel(network).hash)
})

it('refuses a network without a pool', () => {
  const { architecture, ...rest } = smallNetwork()
  const layers = architecture.layers.filter(({ id }) => id !== 'pool')
  expect(() => describeModel({ ...rest, architecture: { ...architecture, layers } })).toThrow(
    expect.objectContaining({ code: 'INPUT' }),
  )
})
