import {
  defineMobileNetV2,
  type IntegerActivation,
  type IntegerLayer,
  type IntegerParameters,
  type IntegerWeights,
  inputLength,
  isWeighted,
  kernelLength,
  type LayerId,
  MobileNetV2Error,
} from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import { runIntegerReference } from '../src/index.js'

const options = { widthMultiplier: 0.1, height: 32, width: 32, classes: 2, headChannels: 16 }
const architecture = defineMobileNetV2(options)
const output: IntegerActivation = { scale: 1, least: -128, most: 127 }

/** Kernels of zeros and multipliers of 0.5: each layer gives half of its bias, which is 2.5 or -1.5 before rounding. */
function integersOf(rounding: 'multiplier' | 'division', { layers: all } = architecture): IntegerParameters {
  const layers = new Map<LayerId, IntegerLayer>()
  for (const layer of all) {
    if (!isWeighted(layer)) {
      const by =
        rounding === 'division'
          ? ({ by: rounding } as const)
          : ({ by: rounding, multiplier: 0.5, offset: 0.5 * 3 - 7, zeroPoint: -7 } as const)
      layers.set(layer.id, { kind: 'pool', inputZeroPoint: -3, rounding: by, output })
      continue
    }
    const bias = Int32Array.from({ length: layer.biasLength }, (_, channel) => (channel % 2 === 0 ? 5 : -3))
    const multipliers = new Float32Array(bias.length).fill(0.5)
    // 2 x 5/4 + 2 x 2/4 and -2 x 5/4 - 2 x 2/4: halves go up.
    const addition = layer.residual === null ? null : { ownMultiplier: 5, residualMultiplier: 2, shift: 2, output }
    layers.set(layer.id, { kind: 'weights', kernel: new Int16Array(kernelLength(layer)), bias, multipliers, output, addition })
  }
  return { input: { ...output, factor: [1, 1, 1], offset: [0, 0, 0] }, layers }
}

const picture = new Float32Array(inputLength(architecture))

/** Integers in which one layer has those of another, or none. */
function withLayerOf(id: LayerId, other: LayerId | null): IntegerParameters {
  const { input, layers } = integersOf('division')
  const changed = new Map(layers)
  if (other === null) changed.delete(id)
  else changed.set(id, layers.get(other)!)
  return { input, layers: changed }
}

describe('the reference of integers', () => {
  it('rounds products to even, and halves of additions up', () => {
    const found = runIntegerReference(architecture, integersOf('division'), picture)
    expect([...found.get('stem')!.subarray(0, 2)]).toEqual([2, -2])
    const sum = architecture.layers.find(({ residual }) => residual !== null)!
    expect([...found.get(sum.id)!.subarray(0, 2)]).toEqual([4, -3])
  })

  it.each([
    ['division', [2, -2]],
    // One position: 2 x 0.5 and -2 x 0.5, apart from the zero points.
    ['multiplier', [1, -1]],
  ] as const)('pools by %s', (rounding, expected) => {
    const found = runIntegerReference(architecture, integersOf(rounding), picture)
    expect([...found.get('pool')!.subarray(0, 2)]).toEqual(expected)
  })

  it('pools several positions', () => {
    const larger = defineMobileNetV2({ ...options, height: 64, width: 64 })
    const found = runIntegerReference(larger, integersOf('division', larger), new Float32Array(inputLength(larger)))
    expect(found.get('head')).toHaveLength(2 * 2 * 16)
    expect([...found.get('pool')!.subarray(0, 2)]).toEqual([2, -2])
  })

  it('quantises each channel of the picture, to even, within the bounds', () => {
    const integers = integersOf('division')
    const stem = integers.layers.get('stem') as IntegerWeights
    const kernel = stem.kernel.slice()
    // The middle of the window, from channels 1 and 2 to channels 0 and 1.
    kernel[((3 + 1) * 3 + 1) * 8] = 2
    kernel[((3 + 1) * 3 + 2) * 8 + 1] = 2
    const layers = new Map(integers.layers).set('stem', { ...stem, kernel, bias: stem.bias.slice().fill(0) })
    const input = new Float32Array(picture.length)
    input.set([9, 2.5, 8])
    // The next window's middle is two pixels on.
    input.set([9, 200, -0.25], 6)
    const quantised = { ...output, factor: [0, 3, 4], offset: [50, -1, 1] }
    const found = runIntegerReference(architecture, { input: quantised, layers }, input)
    expect([...found.get('stem')!.subarray(0, 2)]).toEqual([6, 33])
    expect([...found.get('stem')!.subarray(8, 10)]).toEqual([127, 0])
  })

  it.each([
    ['INPUT', integersOf('division'), picture.subarray(1), 'the length of a picture.\n  expected: 3072 values\n  got: 3071'],
    ['PARAMETERS', withLayerOf('stem', null), picture, 'A layer has no integers of its kind.\n  where: stem'],
    ['PARAMETERS', withLayerOf('stem', 'pool'), picture, 'A layer has no integers of its kind.\n  where: stem'],
    ['PARAMETERS', withLayerOf('pool', 'stem'), picture, 'A layer has no integers of its kind.\n  where: pool'],
  ])('refuses wrong %s', (code, integers, input, message) => {
    const run = (): unknown => runIntegerReference(architecture, integers, input)
    expect(run).toThrow(MobileNetV2Error)
    expect(run).toThrow(expect.objectContaining({ code }))
    expect(run).toThrow(message)
  })
})
