import {
  type Activation,
  type Architecture,
  type ConvolutionLayer,
  type DepthwiseLayer,
  defineMobileNetV2,
  type Layer,
  type LayerParameters,
  type Padding,
  type PointwiseLayer,
  type Shape,
} from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import { referenceActivations, runReference } from '../src/reference.js'
import { seededInput, seededParameters } from '../src/seeded.js'

/** One layer alone, as an architecture. */
function alone(layer: Layer): Architecture {
  return {
    family: 'MobileNetV2',
    input: layer.input,
    classes: 1,
    padding: 'symmetric',
    batchNormEpsilon: 1e-5,
    layers: [layer],
  }
}

const shape = (height: number, width: number, channels: number): Shape => ({ height, width, channels })
const base = { block: null, residual: null, multiplyAdds: 0, batchNorm: true } as const

function convolution(input: Shape, output: Shape, padding: Padding, activation: Activation = 'linear'): ConvolutionLayer {
  const kernelShape = [3, 3, input.channels, output.channels] as const
  const window = { kernelSize: 3, stride: 2, padding, kernelShape, biasLength: output.channels }
  return { ...base, id: 'stem', kind: 'convolution', input, output, activation, ...window }
}

function depthwise(input: Shape, output: Shape, stride: number, padding: Padding): DepthwiseLayer {
  const window = { kernelSize: 3, stride, padding, kernelShape: [3, 3, input.channels] as const, biasLength: input.channels }
  return { ...base, id: 'stem', kind: 'depthwise', input, output, activation: 'linear', ...window }
}

function pointwise(input: Shape, channels: number, activation: Activation): PointwiseLayer {
  const output = { ...input, channels }
  return {
    ...base,
    id: 'stem',
    kind: 'pointwise',
    input,
    output,
    activation,
    kernelShape: [input.channels, channels],
    biasLength: channels,
  }
}

function values(layer: Layer, { kernel, bias }: { kernel: number[]; bias: number[] }, input: number[], batch = 1): number[] {
  const parameters = new Map<Layer['id'], LayerParameters>([
    [layer.id, { kernel: new Float32Array(kernel), bias: new Float32Array(bias) }],
  ])
  const activations = referenceActivations(alone(layer), parameters, new Float32Array(input), { batch })
  return [...activations.get(layer.id)!]
}

const around: Padding = { top: 1, bottom: 1, left: 1, right: 1 }
const bottomRight: Padding = { top: 0, bottom: 1, left: 0, right: 1 }

describe('convolution', () => {
  it('reads zeros on all sides where all are padded', () => {
    // 1 2 3   the windows of stride 2 are the four corners of 2 x 2, each under another part of the kernel:
    // 4 5 6   top left     5x1 + 6x2 + 8x4 + 9x5 for the kernel 1 to 9, and so on
    // 7 8 9
    const layer = convolution(shape(3, 3, 1), shape(2, 2, 1), around)
    const kernel = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((value) => value / 4)
    expect(values(layer, { kernel, bias: [0.5] }, [1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([
      (1 * 5 + 2 * 6 + 4 * 8 + 5 * 9) / 4 + 0.5,
      (2 * 4 + 3 * 5 + 5 * 7 + 6 * 8) / 4 + 0.5,
      (4 * 2 + 5 * 3 + 7 * 5 + 8 * 6) / 4 + 0.5,
      (5 * 1 + 6 * 2 + 8 * 4 + 9 * 5) / 4 + 0.5,
    ])
  })

  it('reads zeros at the bottom and on the right only where only those are padded', () => {
    // 1  2  3  4    kernel: the middle of the top row, and the bottom right
    // 5  6  7  8
    // 9 10 11 12
    // 13 . . . 16
    const layer = convolution(shape(4, 4, 1), shape(2, 2, 1), bottomRight)
    const input = Array.from({ length: 16 }, (_, index) => index + 1)
    expect(values(layer, { kernel: [0, 1, 0, 0, 0, 0, 0, 0, 100], bias: [0] }, input)).toEqual([2 + 1100, 4, 10, 12])
  })

  it('takes its kernel as [row][column][input][output], and clamps to 0 and 6', () => {
    const layer = convolution(shape(1, 1, 2), shape(1, 1, 3), around, 'relu6')
    const kernel = new Array(3 * 3 * 2 * 3).fill(99)
    kernel.splice(4 * 2 * 3, 6, 1, 2, 3, 10, 20, -30)
    expect(values(layer, { kernel, bias: [0, 0, 0] }, [0.5, 0.25])).toEqual([0.5 * 1 + 0.25 * 10, 6, 0])
  })
})

describe('depthwise', () => {
  it('filters each channel by itself', () => {
    // channel 0 takes the tap at the top left, channel 1 a quarter of the one at the centre
    const layer = depthwise(shape(2, 2, 2), shape(2, 2, 2), 1, around)
    const kernel = new Array(18).fill(0)
    kernel[0] = 1
    kernel[4 * 2 + 1] = 0.25
    expect(values(layer, { kernel, bias: [0, 1] }, [1, 10, 2, 20, 3, 30, 4, 40])).toEqual([0, 3.5, 0, 6, 0, 8.5, 1, 11])
  })

  it('strides over an odd width with TensorFlow padding', () => {
    // one row of 3 pads left and right by 1: windows end at column 1 and start at column 1
    const layer = depthwise(shape(1, 3, 1), shape(1, 2, 1), 2, around)
    expect(values(layer, { kernel: [0, 0, 0, 1, 10, 100, 0, 0, 0], bias: [0] }, [1, 2, 3])).toEqual([10 + 200, 2 + 30])
  })
})

describe('pointwise', () => {
  it('multiplies every position by [inputs][outputs]', () => {
    const layer = pointwise(shape(1, 2, 2), 3, 'linear')
    const kernel = [1, 0.5, -1, 2, 0.25, -8]
    expect(values(layer, { kernel, bias: [0, 1, 0] }, [1, 2, -4, 8])).toEqual([5, 2, -17, 12, 1, -60])
  })

  it('keeps the pictures of a batch apart', () => {
    expect(values(pointwise(shape(1, 1, 1), 1, 'relu6'), { kernel: [2], bias: [1] }, [1, 2, 3], 3)).toEqual([3, 5, 6])
  })
})

describe('a list of layers', () => {
  const expand = { ...pointwise(shape(2, 1, 1), 1, 'relu6'), id: 'block1.expand' } as const
  const project = { ...pointwise(shape(2, 1, 1), 1, 'relu6'), id: 'block1.project', residual: 'block1.expand' } as const
  const pool = {
    id: 'pool',
    kind: 'globalAveragePool',
    block: null,
    activation: 'linear',
    residual: null,
    multiplyAdds: 0,
    input: shape(2, 1, 1),
    output: shape(1, 1, 1),
  } as const
  const classifier = {
    ...pointwise(shape(1, 1, 1), 2, 'linear'),
    id: 'classifier',
    kind: 'dense',
    batchNorm: false,
  } as const
  const architecture: Architecture = { ...alone(expand), layers: [expand, project, pool, classifier] }
  const parameters = new Map<Layer['id'], LayerParameters>([
    ['block1.expand', { kernel: new Float32Array([1]), bias: new Float32Array([0]) }],
    ['block1.project', { kernel: new Float32Array([2]), bias: new Float32Array([0]) }],
    ['classifier', { kernel: new Float32Array([2, -1]), bias: new Float32Array([0, 0.5]) }],
  ])

  it('adds the residual after the activation, averages the positions, and ends in logits', () => {
    const input = new Float32Array([1, 5])
    const activations = referenceActivations(architecture, parameters, input)
    expect([...activations.get('block1.project')!]).toEqual([2 + 1, 6 + 5])
    expect([...activations.get('pool')!]).toEqual([7])
    expect(runReference(architecture, parameters, input)).toEqual({ logits: new Float32Array([14, -6.5]) })
    expect(runReference(architecture, parameters, input, { outputs: ['features'] })).toEqual({ features: new Float32Array([7]) })
  })
})

describe('a whole network', () => {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 5 })

  it('gives logits and features of a batch, the same as for each picture alone', () => {
    const parameters = seededParameters(architecture)
    const input = seededInput(architecture, 2)
    const both = runReference(architecture, parameters, input, { batch: 2, outputs: ['logits', 'features'] })
    expect(both.logits).toHaveLength(2 * 5)
    expect(both.features).toHaveLength(2 * 1280)
    const second = runReference(architecture, parameters, input.subarray(input.length / 2))
    expect(both.logits.subarray(5)).toEqual(second.logits)
  })

  it('refuses an input of another length, a batch of 0, and parameters that do not fit', () => {
    const parameters = seededParameters(architecture)
    const input = seededInput(architecture)
    const refusal = (code: string) => expect.objectContaining({ code })
    expect(() => runReference(architecture, parameters, input.subarray(1))).toThrow(refusal('INPUT'))
    expect(() => runReference(architecture, parameters, input, { batch: 2 })).toThrow(refusal('INPUT'))
    expect(() => runReference(architecture, parameters, new Float32Array(0), { batch: 0 })).toThrow(refusal('INPUT'))
    expect(() => runReference(architecture, new Map(), input)).toThrow(refusal('PARAMETERS'))
  })
})
