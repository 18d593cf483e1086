import {
  type Architecture,
  type IntegerActivation,
  type IntegerAddition,
  type IntegerInput,
  type IntegerLayer,
  type IntegerParameters,
  type IntegerPool,
  type IntegerWeights,
  isWeighted,
  type LayerId,
  type Preprocessing,
  type Shape,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import { gather, rowOffsets } from './canonical-kernel.js'
import { canonicalStrides, channelAxis } from './canonical-strides.js'
import { valueCount } from './checkpoint.js'
import type { Budget } from './formats/budget.js'
import type { LayerTensorNames } from './namings/naming.js'
import { roundToEven } from './round-to-even.js'
import type {
  StoredActivation,
  StoredIntegerPool,
  StoredIntegers,
  StoredIntegerWeights,
  UnusableIntegers,
} from './stored-integers.js'
import { channelQuantization, storedNumbers } from './values.js'

/** The integers of a network, and why there are none, one sentence. */
export interface FoundIntegers {
  readonly integers: IntegerParameters | null
  readonly reasons: readonly string[]
}

const { fround } = Math

/** What XNNPACK allows. LiteRT leaves all else to kernels that round in another way. */
const limits = { multiplier: 256, addition: [2 ** -10, 2 ** 8], pool: [2 ** -8, 2 ** 7] } as const

function activation({ scale, least, most }: StoredActivation): IntegerActivation {
  return { scale, least, most }
}

/** A picture's integers of 0 to 255 start at the least of the tensor. */
function inputOf({ input, takesLevels }: StoredIntegers, { mean, deviation }: Preprocessing): IntegerInput {
  const channels = [0, 1, 2]
  return {
    ...activation(input),
    factor: channels.map((channel) => fround(takesLevels ? 255 * deviation[channel]! : 1 / input.scale)),
    offset: channels.map((channel) => (takesLevels ? fround(255 * mean[channel]! + input.least) : 0)),
  }
}

/** The exponent of a positive float32. */
function exponentOf(value: number): number {
  const bits = new DataView(new ArrayBuffer(4))
  bits.setFloat32(0, value)
  return (bits.getUint32(0) >>> 23) - 127
}

/** As XNNPACK's `vadd` for 8 bits: multipliers of 21 bits. Null where the scales are too far apart for it. */
function additionOf({ output: own, addition }: StoredIntegerWeights): IntegerAddition | null {
  const { residual, output } = addition!
  const ratios = [fround(own.scale / output.scale), fround(residual.scale / output.scale)] as const
  const [least, end] = limits.addition
  if (ratios.some((ratio) => ratio < least || ratio >= end)) return null
  const shift = 20 - exponentOf(Math.max(...ratios))
  const [ownMultiplier, residualMultiplier] = [roundToEven(ratios[0] * 2 ** shift), roundToEven(ratios[1] * 2 ** shift)]
  return { ownMultiplier, residualMultiplier, shift, output: activation(output) }
}

function weightsOf(
  stored: StoredIntegerWeights,
  layer: WeightedLayer,
  { layout }: LayerTensorNames,
  budget: Budget,
): IntegerWeights | null {
  const { kernel: tensor, input, output } = stored
  const channels = layer.biasLength
  const length = valueCount(layer.kernelShape)
  // A kernel of one channel is for grey pictures.
  if (valueCount(tensor.shape) !== length) return null
  if (stored.bias !== null && valueCount(stored.bias.shape) !== channels) return null
  budget.take(2 * length + 8 * channels, layer.id)
  const { scale, zeroPoint } = channelQuantization(tensor, channelAxis(layer, layout), channels)
  const multipliers = Float32Array.from({ length: channels }, (_, channel) => fround(input.scale * scale(channel)) / output.scale)
  const addition = stored.addition === null ? null : additionOf(stored)
  if (!multipliers.every((value) => value < limits.multiplier) || (addition === null) !== (stored.addition === null)) return null
  const { outer, channelStride } = canonicalStrides(tensor, layer, layout)
  const kernel = new Int16Array(length)
  const zeroPoints = Float64Array.from({ length: channels }, (_, channel) => zeroPoint(channel))
  gather(
    storedNumbers(tensor),
    rowOffsets(outer),
    channelStride,
    { scales: new Float64Array(channels).fill(1), zeroPoints },
    kernel,
  )
  const bias = new Int32Array(channels)
  // The bias has a scale that need not be stored.
  if (stored.bias !== null) bias.set(storedNumbers({ ...stored.bias, quantization: { scales: [1], zeroPoints: [0], axis: 0 } }))
  return { kind: 'weights', kernel, bias, multipliers, output: activation(output), addition }
}

function poolOf({ rounding, input, output }: StoredIntegerPool, { height, width }: Shape): IntegerPool | null {
  const pool = { kind: 'pool', inputZeroPoint: input.zeroPoint, output: activation(output) } as const
  if (rounding === 'division') return { ...pool, rounding: { by: 'division' } }
  const ratio = fround(input.scale / output.scale)
  const [least, most] = limits.pool
  if (ratio < least || ratio > most) return null
  const positions = height * width
  const multiplier = fround(ratio * fround(1 / positions))
  const offset = fround(output.zeroPoint - fround(fround(positions * input.zeroPoint) * multiplier))
  return { ...pool, rounding: { by: 'multiplier', multiplier, offset, zeroPoint: output.zeroPoint } }
}

/**
 * The integers of a quantised file in the definition's layouts.
 * @param tensors of each weighted layer
 * @param preprocessing what normalises the pictures that the network is given
 * @throws CheckpointError if they take more than `budget` has
 */
export function toIntegers(
  stored: StoredIntegers | UnusableIntegers,
  tensors: ReadonlyMap<LayerId, LayerTensorNames>,
  architecture: Architecture,
  preprocessing: Preprocessing,
  budget: Budget,
): FoundIntegers {
  const none = (why: string): FoundIntegers => ({ integers: null, reasons: [`its integers cannot be run as stored: ${why}`] })
  if ('unusable' in stored) return none(stored.unusable)
  const found = new Map<LayerId, IntegerLayer>()
  const { layers } = architecture
  if (layers.length !== stored.layers.length) return none('not all of its layers are of integers')
  for (const [index, layer] of layers.entries()) {
    const operator = stored.layers[index]!
    const differs = (): FoundIntegers => none(`those of ${layer.id} are scaled in another way than LiteRT's fast kernels allow`)
    if (operator.kind === 'pool') {
      const pool = layer.kind === 'globalAveragePool' && layer.activation === 'linear' ? poolOf(operator, layer.input) : null
      if (pool === null) return differs()
      found.set(layer.id, pool)
      continue
    }
    const names = tensors.get(layer.id)
    const from = operator.addition === null ? null : (layers[operator.addition.from]?.id ?? null)
    if (!isWeighted(layer) || names?.kernel !== operator.kernel.name || from !== layer.residual) {
      return none(`those of ${layer.id} are in another order`)
    }
    const weights = weightsOf(operator, layer, names, budget)
    if (weights === null) return differs()
    found.set(layer.id, weights)
  }
  return { integers: { input: inputOf(stored, preprocessing), layers: found }, reasons: [] }
}
