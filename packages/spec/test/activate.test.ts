import { expect, it } from 'vitest'
import keras from '../../testing/goldens/keras_activations.json' with { type: 'json' }
import pytorch from '../../testing/goldens/pytorch_activations.json' with { type: 'json' }
import { activate, erf, sigmoid } from '../src/activate.js'
import {
  activations,
  type HeadActivation,
  headActivationOption,
  headActivations,
  isActivation,
  isHeadActivation,
} from '../src/activations.js'

// The goldens of the package `testing`, which computes the same activations through the tail of a network.
const goldens = [pytorch, keras].flatMap(({ producer, cases }) => cases.map((each) => ({ ...each, producer })))

it.each(goldens)('computes $activation as $producer does', ({ activation, inputs, outputs, producer }) => {
  if (!isHeadActivation(activation)) throw new Error(activation)
  // The goldens of PyTorch are float64, those of Keras float32.
  const digits = producer.startsWith('PyTorch') ? 13 : 5
  inputs.forEach((input, index) => {
    expect(activate(activation, input)).toBeCloseTo(outputs[index]!, digits)
  })
})

it('stays within the bounds of the activations', () => {
  expect([activate('relu6', 7.5), activate('relu', 7.5)]).toEqual([6, 7.5])
  expect([activate('hardSwish', -4), activate('hardSwish', 8)]).toEqual([-0, 8])
  expect([sigmoid(800), sigmoid(-800)]).toEqual([1, 0])
})

it('has an error function that is odd, and 1 from 6 on', () => {
  expect(erf(0)).toBe(0)
  expect(erf(1)).toBeCloseTo(0.8427007929497149, 15)
  expect(erf(-1)).toBe(-erf(1))
  expect(erf(5.9)).toBeCloseTo(1, 15)
  expect([erf(6.1), erf(-7)]).toEqual([1, -1])
})

it('knows which texts are activations, and which of them a convolution can have', () => {
  for (const name of headActivations) expect(isHeadActivation(name)).toBe(true)
  expect(headActivations.filter(isActivation)).toEqual(activations)
  expect(isActivation('leakyRelu:0.1')).toBe(false)
  for (const text of ['leakyRelu', 'leakyRelu:', 'leakyRelu:x', 'leakyRelu:Infinity', 'swish', '']) {
    expect(isHeadActivation(text)).toBe(false)
  }
  expect(headActivationOption('activation', 'leakyRelu:0.3')).toBe('leakyRelu:0.3' satisfies HeadActivation)
  expect(() => headActivationOption('activation', 'swish')).toThrow('hardSwish, or leakyRelu: and a slope')
})
