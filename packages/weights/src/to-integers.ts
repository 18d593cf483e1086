import {
  type Architecture,
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
import { additionOf, inputIntegers, limits, meanOf, multiplierOf, withoutZeroPoint } from './integer-arithmetic.js'
import type { LayerTensorNames } from './namings/naming.js'
import type {
  StoredActivation,
  StoredIntegerPool,
  StoredIntegers,
  StoredIntegerWeights,
  UnusableIntegers,
} from './stored-integers.js'
import { channelQuantization, storedNumbers } from './values.js'

const { fround } = Math

/** The integers of a network, or in `reasons` one sentence about why there are none. */
export interface FoundIntegers {
  readonly integers: IntegerParameters | null
  readonly reasons: readonly string[]
}

/** Why LiteRT's fast kernels do not run the integers of a layer. */
const otherScales = "are scaled in another way than LiteRT's fast kernels allow"

/** The integers of a layer, or why they cannot be run: the end of a sentence about them. */
function weightsOf(
  stored: StoredIntegerWeights,
  layer: WeightedLayer,
  { layout }: LayerTensorNames,
  budget: Budget,
): IntegerWeights | string {
  const { kernel: tensor, input, output } = stored
  const channels = layer.biasLength
  const length = valueCount(layer.kernelShape)
  if (valueCount(tensor.shape) !== length) return 'are for grey pictures'
  if (stored.bias !== null && valueCount(stored.bias.shape) !== channels) return `have no bias for each of ${channels} channels`
  budget.take(2 * length + 8 * channels, layer.id)
  const { scale, zeroPoint } = channelQuantization(tensor, channelAxis(layer, layout), channels)
  const multipliers = new Float32Array(channels)
  for (let channel = 0; channel < channels; channel++)
    multipliers[channel] = multiplierOf(input.scale, scale(channel), output.scale)
  const addition = stored.addition === null ? null : additionOf(output, stored.addition.residual, stored.addition.output)
  if (!multipliers.every((value) => value < limits.multiplier) || (addition === null) !== (stored.addition === null))
    return otherScales
  const { outer, channelStride } = canonicalStrides(tensor, layer, layout)
  let gathered: Int16Array | null = null
  const bias = new Int32Array(channels)
  // The scale of the bias follows from the others, so a stored one is ignored.
  if (stored.bias !== null) bias.set(storedNumbers({ ...stored.bias, quantization: { scales: [1], zeroPoints: [0], axis: 0 } }))
  return {
    kind: 'weights',
    // The kernel is computed when it is used: most programs run a quantised file in floats, and gathering it takes as long as reading
    // everything else.
    get kernel() {
      if (gathered !== null) return gathered
      gathered = new Int16Array(length)
      const zeroPoints = Float64Array.from({ length: channels }, (_, channel) => zeroPoint(channel))
      const scales = new Float64Array(channels).fill(1)
      gather(storedNumbers(tensor), rowOffsets(outer), channelStride, { scales, zeroPoints }, gathered)
      return gathered
    },
    bias,
    multipliers,
    output: withoutZeroPoint(output),
    addition,
  }
}

/** The mean as ONNX Runtime computes it. It subtracts the zero point of each integer before summing, so there is no offset. */
function productOf(input: StoredActivation, output: StoredActivation, { height, width }: Shape): IntegerPool | null {
  const ratio = input.scale / output.scale
  const [least, most] = limits.pool
  if (ratio < least || ratio > most) return null
  const multiplier = fround(input.scale / fround(output.scale * (height * width)))
  const rounding = { by: 'multiplier', multiplier, offset: 0, zeroPoint: 0 } as const
  return { kind: 'pool', inputZeroPoint: 0, rounding, output: withoutZeroPoint(output) }
}

function poolOf({ rounding, input, output }: StoredIntegerPool, shape: Shape): IntegerPool | null {
  if (rounding === 'multiplier') return meanOf(input, output, shape)
  if (rounding === 'product') return productOf(input, output, shape)
  return { kind: 'pool', inputZeroPoint: input.zeroPoint, rounding: { by: 'division' }, output: withoutZeroPoint(output) }
}

/**
 * The integers of a quantised file in the layouts of the definition.
 * @param tensors the tensor names of each layer with a kernel
 * @param preprocessing the preprocessing of the pictures that the network gets
 * @throws CheckpointError if they need more than `budget` allows
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
    const refused = (why: string): FoundIntegers => none(`those of ${layer.id} ${why}`)
    if (operator.kind === 'pool') {
      const pool = layer.kind === 'globalAveragePool' && layer.activation === 'linear' ? poolOf(operator, layer.input) : null
      if (pool === null) return refused(otherScales)
      found.set(layer.id, pool)
      continue
    }
    const names = tensors.get(layer.id)
    const from = operator.addition === null ? null : (layers[operator.addition.from]?.id ?? null)
    if (!isWeighted(layer) || names?.kernel !== operator.kernel.name || from !== layer.residual) {
      return refused('are in another order')
    }
    const weights = weightsOf(operator, layer, names, budget)
    if (typeof weights === 'string') return refused(weights)
    found.set(layer.id, weights)
  }
  return { integers: { input: inputIntegers(stored.input, stored.takesLevels, preprocessing), layers: found }, reasons: [] }
}
