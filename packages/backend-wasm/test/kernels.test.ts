import type {
  Activation,
  Architecture,
  ConvolutionLayer,
  DenseLayer,
  DepthwiseLayer,
  GlobalAveragePoolLayer,
  Layer,
  PointwiseLayer,
  Shape,
} from '@mobilenetv2/spec'
import { expectAllClose, referenceActivations, seededInput, seededParameters } from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { simdLevel } from '../src/codegen/simd-level.js'
import { chooseThreads } from '../src/threads/choose-threads.js'
import { compileFor } from '../src/wasm.js'

/** A network of hand-made layers. Each maker gets the shape of its input and the number of its layer. */
function chain(input: Shape, makers: readonly ((input: Shape, index: number) => Layer)[]): Architecture {
  const layers: Layer[] = []
  for (const [index, make] of makers.entries()) layers.push(make(layers.at(-1)?.output ?? input, index))
  return { family: 'MobileNetV2', input, classes: 1, padding: 'symmetric', batchNormEpsilon: 1e-5, layers }
}

const ids = ['stem', 'block1.expand', 'block1.depthwise', 'block1.project', 'head'] as const
const base = { block: null, multiplyAdds: 0, batchNorm: true } as const

interface Options {
  readonly activation?: Activation
  /** Adds the output of the layer with this number. */
  readonly adds?: number
}
const shared = ({ activation = 'relu6', adds }: Options, index: number) => ({
  ...base,
  id: ids[index]!,
  activation,
  residual: adds === undefined ? null : ids[adds]!,
})

interface Window {
  readonly kernelSize: number
  readonly stride: number
  readonly before?: number
}

function windowed({ kernelSize, stride, before = Math.floor(kernelSize / 2) }: Window, input: Shape, channels: number) {
  const after = kernelSize - 1 - before
  const extent = (size: number): number => Math.floor((size + before + after - kernelSize) / stride) + 1
  return {
    kernelSize,
    stride,
    padding: { top: before, left: before, bottom: after, right: after },
    output: { height: extent(input.height), width: extent(input.width), channels },
    biasLength: channels,
  }
}

const convolution =
  (channels: number, window: Window, options: Options = {}) =>
  (input: Shape, index: number): ConvolutionLayer => ({
    ...shared(options, index),
    ...windowed(window, input, channels),
    kind: 'convolution',
    input,
    kernelShape: [window.kernelSize, window.kernelSize, input.channels, channels],
  })

const depthwise =
  (window: Window, options: Options = {}) =>
  (input: Shape, index: number): DepthwiseLayer => ({
    ...shared(options, index),
    ...windowed(window, input, input.channels),
    kind: 'depthwise',
    input,
    kernelShape: [window.kernelSize, window.kernelSize, input.channels],
  })

const pointwise =
  (channels: number, options: Options = {}) =>
  (input: Shape, index: number): PointwiseLayer => ({
    ...shared(options, index),
    kind: 'pointwise',
    input,
    output: { ...input, channels },
    kernelShape: [input.channels, channels],
    biasLength: channels,
  })

const dense =
  (channels: number, options: Options = {}) =>
  (input: Shape, index: number): DenseLayer => ({
    ...shared(options, index),
    kind: 'dense',
    input,
    output: { height: 1, width: 1, channels },
    kernelShape: [input.channels, channels],
    biasLength: channels,
  })

const pool =
  (options: Options = {}) =>
  (input: Shape, index: number): GlobalAveragePoolLayer => ({
    ...shared({ activation: 'linear', ...options }, index),
    kind: 'globalAveragePool',
    input,
    output: { height: 1, width: 1, channels: input.channels },
  })

const shape = (height: number, width: number, channels: number): Shape => ({ height, width, channels })
const levels = simdLevel() === 'relaxed-simd' ? (['relaxed-simd', 'simd'] as const) : (['simd'] as const)
const variants = [...levels.map((level) => [level, 0] as const), [levels[0], 2] as const, [levels[0], 3] as const]

/** Kernels differ from the reference by the rounding of float32 sums: at most about 1000 terms here. */
const tolerance = { relative: 2e-6, absolute: 1e-6 }

async function expectAsReference(architecture: Architecture, batch = 1): Promise<void> {
  const parameters = seededParameters(architecture, 5)
  const input = seededInput(architecture, batch, 6)
  const expected = referenceActivations(architecture, parameters, input, { batch }).get(architecture.layers.at(-1)!.id)!
  expect(expected.some((value) => value !== 0)).toBe(true)
  for (const [level, threads] of variants) {
    using model = await compileFor(level, architecture, parameters, chooseThreads(threads))
    const { logits } = await model.run(input, { batch })
    expectAllClose(logits, expected, tolerance)
  }
}

const named = (cases: Record<string, Architecture>): [string, Architecture][] => Object.entries(cases)

describe('pointwise and dense', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 9, 49])('%d pixels', (pixels) => expectAsReference(chain(shape(1, pixels, 20), [pointwise(24)])))
  it.each([1, 3, 5, 8, 12, 17, 40, 41])('%d input channels', (channels) =>
    expectAsReference(chain(shape(3, 3, channels), [pointwise(16)])),
  )
  it.each([1, 4, 8, 9, 12, 37])('%d output channels', (channels) =>
    expectAsReference(chain(shape(3, 3, 10), [pointwise(channels)])),
  )
  it.each([28, 29, 31, 56])('rows of %d pixels', (width) => expectAsReference(chain(shape(3, width, 11), [pointwise(13)])))
  it.each([1, 5, 8, 40, 41, 80, 125, 1000, 1001])('dense, %d outputs', (channels) =>
    expectAsReference(chain(shape(1, 1, 50), [dense(channels, { activation: 'linear' })])),
  )
})

describe('convolution', () => {
  it.each(
    named({
      'stride 2, symmetric': chain(shape(8, 10, 3), [convolution(7, { kernelSize: 3, stride: 2 })]),
      'stride 2, odd size': chain(shape(9, 11, 3), [convolution(8, { kernelSize: 3, stride: 2 })]),
      'stride 2, same: zeros at the end only': chain(shape(8, 10, 3), [convolution(7, { kernelSize: 3, stride: 2, before: 0 })]),
      'stride 1': chain(shape(5, 6, 3), [convolution(9, { kernelSize: 3, stride: 1 })]),
      'one channel': chain(shape(5, 6, 1), [convolution(9, { kernelSize: 3, stride: 1 })]),
      'a map smaller than the window': chain(shape(1, 2, 3), [convolution(9, { kernelSize: 5, stride: 1 })]),
      '1 x 1': chain(shape(5, 6, 3), [convolution(9, { kernelSize: 1, stride: 2 })]),
      '7 x 7': chain(shape(20, 31, 3), [convolution(9, { kernelSize: 7, stride: 2 })]),
      'behind another layer, many channels': chain(shape(6, 7, 3), [pointwise(33), convolution(10, { kernelSize: 3, stride: 2 })]),
      'a wide map': chain(shape(6, 70, 3), [convolution(10, { kernelSize: 3, stride: 2 })]),
    }),
  )('%s', (_name, architecture) => expectAsReference(architecture))
})

describe('depthwise', () => {
  const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14]
  it.each(sizes)('%d columns, stride 1', (width) =>
    expectAsReference(chain(shape(3, width, 9), [depthwise({ kernelSize: 3, stride: 1 })])),
  )
  it.each(sizes)('%d columns, stride 2', (width) =>
    expectAsReference(chain(shape(4, width, 4), [depthwise({ kernelSize: 3, stride: 2 })])),
  )
  it.each(sizes)('%d rows, stride 2, zeros at the end only', (height) =>
    expectAsReference(chain(shape(height, 6, 8), [depthwise({ kernelSize: 3, stride: 2, before: 0 })])),
  )
  it.each([1, 2, 5, 7])('kernel size %d', (kernelSize) =>
    expectAsReference(chain(shape(9, 12, 5), [depthwise({ kernelSize, stride: 1 }, { activation: 'linear' })])),
  )
  it('stride 3', () => expectAsReference(chain(shape(10, 11, 5), [depthwise({ kernelSize: 3, stride: 3 })])))
  it('a wide map alone', () => expectAsReference(chain(shape(5, 61, 5), [depthwise({ kernelSize: 3, stride: 1 })])))
})

describe('globalAveragePool', () => {
  it.each([1, 3, 8, 17])('%d channels', (channels) => expectAsReference(chain(shape(5, 7, channels), [pool()])))
  it('a large map loses no precision', () => expectAsReference(chain(shape(120, 130, 2), [pool()])))
})

describe('residuals', () => {
  const square = shape(5, 5, 6)
  it.each(
    named({
      pointwise: chain(square, [pointwise(6), pointwise(6, { adds: 0, activation: 'linear' })]),
      'pointwise in rows': chain(shape(4, 30, 6), [pointwise(6), pointwise(6, { adds: 0 })]),
      depthwise: chain(square, [pointwise(6), depthwise({ kernelSize: 3, stride: 1 }, { adds: 0 })]),
      convolution: chain(square, [pointwise(6), convolution(6, { kernelSize: 3, stride: 1 }, { adds: 0 })]),
      globalAveragePool: chain(shape(1, 1, 6), [pointwise(6), pool({ adds: 0 })]),
      dense: chain(shape(1, 1, 6), [pointwise(9), dense(9, { adds: 0 })]),
      'over several layers': chain(square, [
        pointwise(6),
        pointwise(12),
        depthwise({ kernelSize: 3, stride: 1 }),
        pointwise(6, { adds: 0 }),
      ]),
    }),
  )('%s', (_name, architecture) => expectAsReference(architecture))
})

describe('strips', () => {
  const window = { kernelSize: 3, stride: 1 }
  const halving = { kernelSize: 3, stride: 2 }
  it.each(
    named({
      'expansion, stride 1, residual': chain(shape(7, 30, 3), [
        pointwise(9),
        pointwise(20),
        depthwise(window),
        pointwise(9, { adds: 0, activation: 'linear' }),
      ]),
      'expansion, stride 2': chain(shape(7, 57, 3), [pointwise(9), pointwise(20), depthwise(halving), pointwise(10)]),
      'expansion, stride 2, zeros at the end only': chain(shape(8, 56, 9), [
        pointwise(20),
        depthwise({ ...halving, before: 0 }),
        pointwise(10),
      ]),
      'kernel size 5': chain(shape(9, 33, 9), [pointwise(20), depthwise({ kernelSize: 5, stride: 2 }), pointwise(10)]),
      'kernel size 1, stride 2': chain(shape(9, 33, 9), [pointwise(20), depthwise({ kernelSize: 1, stride: 2 }), pointwise(10)]),
      'one row': chain(shape(1, 33, 9), [pointwise(20), depthwise(window), pointwise(10)]),
      'stem, no expansion': chain(shape(13, 61, 3), [convolution(12, halving), depthwise(window), pointwise(9)]),
      'no expansion': chain(shape(6, 30, 8), [depthwise(window), pointwise(9), depthwise(halving), pointwise(11)]),
      'a block is not fused if another layer adds the output of its inner layer': chain(shape(6, 30, 8), [
        pointwise(9),
        depthwise(window),
        pointwise(9, { adds: 0 }),
      ]),
    }),
  )('%s', (_name, architecture) => expectAsReference(architecture, 2))
})

describe('values', () => {
  it('keeps NaN through every kernel', async () => {
    const architecture = chain(shape(4, 4, 3), [
      convolution(8, { kernelSize: 3, stride: 1 }),
      depthwise({ kernelSize: 3, stride: 1 }),
      pointwise(8),
      pool(),
      dense(3),
    ])
    const model = await compileFor(levels[0], architecture, seededParameters(architecture), chooseThreads(0))
    const input = seededInput(architecture)
    input[20] = NaN
    const { logits } = await model.run(input)
    expect([...logits]).toEqual([NaN, NaN, NaN])
    expect([...(await model.run(seededInput(architecture))).logits]).not.toContain(NaN)
  })
})
