import { type DefinitionOptions, defineMobileNet, defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { classifierOf, type Network, readNetwork, toSafetensors, withHead } from '../src/index.js'

const size = { widthMultiplier: 0.1, height: 32, width: 32 } as const
const options = { ...size, headChannels: 16 }

/** A backbone with a background class, labels, and a hidden layer in its head. */
function backbone(definition: DefinitionOptions = options): Network {
  const all = { ...definition, classes: 5, headLayers: [{ units: 7, activation: 'relu' }] } as const
  const architecture = defineMobileNet(all)
  return {
    options: all,
    architecture,
    parameters: seededParameters(architecture),
    batchNorms: new Map(
      [...seededParameters(architecture)].map(([id, { bias }]) => [id, { gamma: bias, mean: bias, variance: bias }]),
    ),
    integers: { input: { scale: 1, least: -128, most: 127, factor: [1, 1, 1], offset: [0, 0, 0] }, layers: new Map() },
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
    classes: { labels: ['a', 'b', 'c', 'd'], background: 0, output: 'sigmoid', outputReason: 'the file says so' },
    source: { file: 'backbone.tflite', format: 'tflite', naming: 'structural' },
    reasons: [
      'padding same: the graph pads so',
      'background class 0: its label says so',
      'labels of 4 classes: the file names them',
      'output sigmoid: the file says so',
    ],
  }
}

const features = 16
const kernel = Float32Array.from({ length: features * 2 }, (_, index) => index)
const head = { kernel, bias: Float32Array.of(1, 2), labels: ['bird', 'dog'] }

describe('a network with another head', () => {
  it('has nothing of the head before, and all of the layers up to the pool', () => {
    const before = backbone()
    const taught = withHead(before, head)
    expect(taught.classes).toMatchObject({ labels: ['bird', 'dog'], background: null, output: 'softmax' })
    expect(taught.architecture).toEqual(defineMobileNetV2({ ...options, classes: 2 }))
    expect(taught.parameters.get('classifier')).toEqual({ kernel, bias: head.bias })
    expect([...taught.parameters.keys()]).not.toContain('dense1')
    expect([...taught.batchNorms.keys()]).toEqual([...taught.parameters.keys()].filter((id) => id !== 'classifier'))
    // The head is of floats.
    expect(taught.integers).toBeNull()
    expect(taught.parameters.get('stem')).toBe(before.parameters.get('stem'))
    expect(taught.reasons).toContain('padding same: the graph pads so')
    expect(taught.reasons.join('\n')).not.toMatch(/background class 0|labels of 4|sigmoid/)
    expect(withHead(before, { ...head, output: 'sigmoid' }).classes.output).toBe('sigmoid')
  })

  it('of a single logit is read as sigmoid, because softmax would make it always 1', () => {
    const single = { kernel: new Float32Array(features), bias: new Float32Array(1), labels: ['bird'] }
    expect(withHead(backbone(), single).classes.output).toBe('sigmoid')
    expect(withHead(backbone(), { ...single, output: 'softmax' }).classes.output).toBe('softmax')
  })

  it.each<[string, DefinitionOptions]>([
    ['MobileNetV2', options],
    ['MobileNetV1', { ...size, family: 'MobileNetV1' }],
    ['a max pool', { ...options, pool: 'max' }],
  ])('goes through a file without losing a class: %s', async (_, definition) => {
    const network = backbone(definition)
    const inputs = network.architecture.layers.find(({ id }) => id === 'pool')!.output.channels
    const taught = withHead(network, { ...head, kernel: new Float32Array(inputs * 2).fill(0.5) })
    const read = await readNetwork(toSafetensors(taught))
    expect(read.classes).toMatchObject({ labels: ['bird', 'dog'], background: null, output: 'softmax' })
    expect(read.parameters).toEqual(taught.parameters)
    expect(read.architecture).toEqual(taught.architecture)
  })

  it.each<[string, object]>([
    ['a kernel of another number of features', { kernel: new Float32Array(30) }],
    ['a bias of another number of classes', { bias: new Float32Array(3) }],
    ['more labels than classes', { labels: ['bird', 'dog', 'cat'] }],
  ])('is refused with %s', (_, wrong) => {
    expect(() => withHead(backbone(), { ...head, ...wrong })).toThrow(expect.objectContaining({ code: 'PARAMETERS' }))
  })

  it('is refused without labels', () => {
    expect(() => withHead(backbone(), { ...head, labels: [] })).toThrow(expect.objectContaining({ code: 'OPTION' }))
  })
})

describe('a network whose classes are those of another head is not written', () => {
  const { options: taughtOptions, parameters } = withHead(backbone(), head)
  it.each<[string, Partial<Network['classes']>]>([
    ['all that the backbone had', {}],
    ['its background class', { labels: ['bird', 'dog'] }],
    ['its labels', { background: null }],
    ['a background class behind the last', { labels: [], background: 2 }],
    ['a background class that is no index', { labels: [], background: 0.5 }],
  ])('%s', (_, classes) => {
    const mixed = { ...backbone(), options: taughtOptions, parameters, classes: { ...backbone().classes, ...classes } }
    expect(() => toSafetensors(mixed)).toThrow(expect.objectContaining({ code: 'PARAMETERS' }))
  })
})

it('the last layer is given if the pooled features go into it, and not behind hidden layers', () => {
  const before = backbone()
  expect(classifierOf(before)).toBeNull()
  expect(classifierOf(withHead(before, head))).toEqual({ kernel, bias: head.bias })
  const architecture = defineMobileNet({ ...options, classes: 0 })
  expect(classifierOf({ ...before, architecture })).toBeNull()
})
