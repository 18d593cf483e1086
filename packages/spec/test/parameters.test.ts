import { describe, expect, it } from 'vitest'
import { type Architecture, isWeighted, type LayerId, type WeightedLayer } from '../src/architecture.js'
import { checkIntegers } from '../src/check-integers.js'
import { defineMobileNetV2 } from '../src/define-mobilenet-v2.js'
import type { IntegerActivation, IntegerLayer, IntegerParameters, IntegerWeights } from '../src/integer-parameters.js'
import { checkParameters, kernelLength, type LayerParameters, parametersOf } from '../src/parameters.js'

const architecture: Architecture = defineMobileNetV2({ widthMultiplier: 0.1, height: 32, width: 32, classes: 2 })
const weighted = architecture.layers.filter(isWeighted)
const [stem] = weighted as [WeightedLayer]

describe('float parameters', () => {
  const zeros = (): Map<LayerId, LayerParameters> =>
    new Map(
      weighted.map((layer) => [
        layer.id,
        { kernel: new Float32Array(kernelLength(layer)), bias: new Float32Array(layer.biasLength) },
      ]),
    )

  it('are accepted where they fit, and more of them too', () => {
    const parameters = zeros()
    parameters.set('block99.expand', { kernel: new Float32Array(1), bias: new Float32Array(1) })
    checkParameters(architecture, parameters)
    expect(parametersOf(parameters, stem)).toBe(parameters.get('stem'))
  })

  it('are refused where a layer has none, or of another length', () => {
    const missing = zeros()
    missing.delete('stem')
    const shapes = 'kernel [3, 3, 3, 8] and bias [8]'
    expect(() => checkParameters(architecture, missing)).toThrow(
      `A layer has no parameters.\n  where: layer stem\n  expected: ${shapes}\n  got: nothing`,
    )
    const kernel = new Float32Array(kernelLength(stem))
    for (const wrong of [
      { kernel: kernel.subarray(1), bias: new Float32Array(stem.biasLength) },
      { kernel, bias: new Float32Array(stem.biasLength + 1) },
    ]) {
      const got = `${wrong.kernel.length} and ${wrong.bias.length} values`
      for (const makesKernels of [true, false]) {
        expect(() => checkParameters(architecture, zeros().set('stem', wrong), makesKernels)).toThrow(
          `Parameters do not fit their layer.\n  where: layer stem\n  expected: ${shapes}: 216 and 8 values\n  got: ${got}`,
        )
      }
    }
  })

  it('are not computed where they are lazy and nobody needs them', () => {
    const lazy: LayerParameters = {
      get kernel(): Float32Array {
        throw new Error('computed')
      },
      bias: new Float32Array(stem.biasLength),
    }
    checkParameters(architecture, zeros().set('stem', lazy), false)
    expect(() => checkParameters(architecture, zeros().set('stem', lazy))).toThrow('computed')
  })
})

describe('integer parameters', () => {
  const output: IntegerActivation = { scale: 0.1, least: 0, most: 60 }
  const addition = { ownMultiplier: 2 ** 20, residualMultiplier: 2 ** 21, shift: 20, output }
  const input = { ...output, factor: [1, 1, 1], offset: [0, 0, 0] }

  function integersOf(layer: (typeof architecture.layers)[number]): IntegerLayer {
    if (!isWeighted(layer)) return { kind: 'pool', inputZeroPoint: 0, rounding: { by: 'division' }, output }
    return {
      kind: 'weights',
      kernel: new Int16Array(kernelLength(layer)).fill(-255),
      bias: new Int32Array(layer.biasLength),
      multipliers: new Float32Array(layer.biasLength),
      output,
      addition: layer.residual === null ? null : addition,
    }
  }

  /** Integers that fit, but for those of one layer. */
  function withLayer(id: LayerId, integers?: IntegerLayer): IntegerParameters {
    const layers = new Map(architecture.layers.map((layer) => [layer.id, integersOf(layer)]))
    if (integers === undefined) layers.delete(id)
    else layers.set(id, integers)
    return { input, layers }
  }

  const ofStem = integersOf(stem) as IntegerWeights
  const pool = architecture.layers.find(({ kind }) => kind === 'globalAveragePool')!
  const added = weighted.find(({ residual }) => residual !== null)!
  const ofAdded = integersOf(added) as IntegerWeights

  it('are accepted where they fit', () => {
    checkIntegers(architecture, withLayer('stem', ofStem))
  })

  it.each([
    [-255, 0],
    [0, 255],
    [-128, 127],
  ])('are accepted with bounds from %d to %d', (least, most) => {
    checkIntegers(architecture, withLayer(pool.id, { ...integersOf(pool), output: { ...output, least, most } }))
  })

  it('are accepted with kernels from -255 to 255', () => {
    checkIntegers(architecture, withLayer('stem', { ...ofStem, kernel: ofStem.kernel.slice().fill(255, 100) }))
  })

  it.each<[string, LayerId, IntegerLayer | undefined]>([
    ['nothing', 'stem', undefined],
    ['those of another kind of layer: pool', 'stem', integersOf(pool)],
    ['those of another kind of layer: weights', pool.id, ofStem],
    ['an output beyond 8 bits', pool.id, { ...integersOf(pool), output: { ...output, scale: 0 } }],
    ['an output beyond 8 bits', 'stem', { ...ofStem, output: { ...output, scale: Number.POSITIVE_INFINITY } }],
    ['an output beyond 8 bits', 'stem', { ...ofStem, output: { ...output, least: -256 } }],
    ['an output beyond 8 bits', 'stem', { ...ofStem, output: { ...output, least: 1 } }],
    ['an output beyond 8 bits', 'stem', { ...ofStem, output: { ...output, most: 256 } }],
    ['an output beyond 8 bits', 'stem', { ...ofStem, output: { ...output, most: 1.5 } }],
    ['an output beyond 8 bits', 'stem', { ...ofStem, output: { scale: 1, least: -1, most: 255 } }],
    ['an addition without a residual', 'stem', { ...ofStem, addition }],
    ['no addition for its residual', added.id, { ...ofAdded, addition: null }],
    ['an addition beyond 32 bits', added.id, { ...ofAdded, addition: { ...addition, shift: 31 } }],
    ['an addition beyond 32 bits', added.id, { ...ofAdded, addition: { ...addition, shift: 0 } }],
    ['an addition beyond 32 bits', added.id, { ...ofAdded, addition: { ...addition, ownMultiplier: 2 ** 21 + 1 } }],
    ['an addition beyond 32 bits', added.id, { ...ofAdded, addition: { ...addition, residualMultiplier: -1 } }],
    ['an addition beyond 32 bits', added.id, { ...ofAdded, addition: { ...addition, output: { ...output, least: 9 } } }],
    ['kernel, bias and multipliers of 215, 8 and 8 values', 'stem', { ...ofStem, kernel: ofStem.kernel.subarray(1) }],
    ['kernel, bias and multipliers of 216, 7 and 8 values', 'stem', { ...ofStem, bias: ofStem.bias.subarray(1) }],
    ['kernel, bias and multipliers of 216, 8 and 9 values', 'stem', { ...ofStem, multipliers: new Float32Array(9) }],
    ['a kernel beyond -255 to 255', 'stem', { ...ofStem, kernel: ofStem.kernel.slice().fill(256, 215) }],
    ['a kernel beyond -255 to 255', 'stem', { ...ofStem, kernel: ofStem.kernel.slice().fill(-256, 0, 1) }],
  ])('are refused with the reason: %s', (got, id, integers) => {
    expect(() => checkIntegers(architecture, withLayer(id, integers))).toThrow(
      expect.objectContaining({ code: 'PARAMETERS', details: expect.objectContaining({ where: `layer ${id}`, got }) }),
    )
  })

  it.each([
    { ...input, factor: [1] },
    { ...input, offset: [0, 0, 0, 0] },
    { ...input, scale: -1 },
  ])('are refused where the input does not fit', (wrong) => {
    expect(() => checkIntegers(architecture, { ...withLayer('stem', ofStem), input: wrong })).toThrow(
      /^The integers of the network's input do not fit .*\n {2}expected: a factor and an offset for each of 3 channels, .*\n.* from 0 to 60$/,
    )
  })

  it('are refused with what the layer expects, and what to do', () => {
    const remedy = 'what to do: Use the integers that were read or made for this architecture'
    expect(() => checkIntegers(architecture, withLayer('stem'))).toThrow(
      `Integers do not fit their layer.\n  where: layer stem\n  expected: kernel [3, 3, 3, 8], bias and multipliers [8], an addition`,
    )
    expect(() => checkIntegers(architecture, withLayer('stem'))).toThrow(remedy)
    expect(() => checkIntegers(architecture, withLayer(pool.id))).toThrow('expected: the integers of a pool')
  })
})
