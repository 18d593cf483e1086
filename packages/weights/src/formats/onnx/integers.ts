import { shortened } from '@mobilenetv2/spec'
import { type TensorType, valueCount } from '../../checkpoint.js'
import { type Bounds, boundsOf } from '../../integer-arithmetic.js'
import type { StoredActivation, StoredIntegers, UnusableIntegers } from '../../stored-integers.js'
import { activationOf8Bits, biasOf32Bits, type GrowingLayer, isSameActivation, orUnusable, unfit } from '../integer-walk.js'
import { numbersOf } from './constants.js'
import { checkBias, clipBounds, ends, held, kernelOf, movers, outputScales, pools, weighted, within } from './integer-operators.js'
import type { OnnxNode } from './model.js'
import type { OnnxSource } from './nodes.js'

/** The integers of the input, or of a layer's output. */
interface Integers {
  readonly activation: StoredActivation
  readonly dtype: TensorType
  /** The layer that gives them; null for the input. */
  readonly layer: number | null
}

/**
 * Floats: dequantised integers, or the output of a layer before it is quantised. `bounds` are the bounds of the activation
 * functions since then.
 */
interface Floats {
  readonly from: Integers | OpenLayer
  readonly bounds: Bounds
}

/** A layer whose output is not integers yet. */
interface OpenLayer {
  readonly name: string
  /** Adds the layer once its output is known, and returns its index. */
  readonly close: (output: StoredActivation) => number
}

type Value = 'input' | { readonly integers: Integers } | { readonly floats: Floats }

function walk({ nodes, constants, parameters }: OnnxSource, input: string, inputType: TensorType | null): StoredIntegers {
  const layers: GrowingLayer[] = []
  const values = new Map<string, Value>([[input, 'input']])
  const open = new Set<OpenLayer>()
  /** The layers whose output was quantised, with its integers. */
  const closed = new Map<OpenLayer, { readonly integers: Integers; readonly output: StoredActivation }>()
  /** The output of the last layer, or the input; null while the input is floats. */
  let current: Integers | null = null
  /** The integers of each layer's output. */
  const given: Integers[] = []

  const become = (name: string, integers: Integers): void => {
    if (integers.layer !== null) given[integers.layer] = integers
    current = integers
    values.set(name, { integers })
  }

  const take = (node: OnnxNode): void => {
    const { operation, inputs } = node
    const [first = ''] = inputs
    const [output = ''] = node.outputs
    // Whatever follows the last layer, or depends on constants only, is not a layer.
    if (ends.has(operation) || !inputs.some((name) => values.has(name))) return

    /** The scale in the input `index` of a node, and the zero point in the next input. */
    const statedAt = (index: number, otherwise: TensorType): { activation: StoredActivation; dtype: TensorType } => {
      const [scale, zero] = [constants.get(inputs[index] ?? ''), constants.get(inputs[index + 1] ?? '')]
      const isOne = scale?.dtype === 'float32' && valueCount(scale.shape) === 1
      const dtype = zero?.dtype ?? otherwise
      const knowsZero = !inputs[index + 1] || (zero !== undefined && valueCount(zero.shape) === 1)
      if (dtype !== 'int8' && dtype !== 'uint8') unfit(`${operation} ${shortened(output)} has a zero point of ${dtype}`)
      const activation =
        isOne && knowsZero
          ? activationOf8Bits(dtype, numbersOf(scale)[0], zero === undefined ? 0 : (numbersOf(zero)[0] ?? 0))
          : null
      if (activation === null) unfit(`${operation} ${shortened(output)} has no scale of its own`)
      return { activation, dtype }
    }

    /** The integers of an input. A QLinear operator and DequantizeLinear state their scale again. */
    const integersAt = (index: number, statesScale: boolean): Integers => {
      const value = values.get(inputs[index] ?? '')
      if (value === 'input' && statesScale && inputType !== null) {
        const { activation, dtype } = statedAt(index + 1, inputType)
        if (dtype !== inputType) unfit(`the input is of ${inputType}, not of ${dtype}`)
        const integers = { activation, dtype, layer: null }
        become(input, integers)
        return integers
      }
      if (value === undefined) unfit(`${operation} takes a constant`)
      if (value === 'input') unfit(`${operation} takes floats`)
      if ('integers' in value) {
        if (!statesScale) unfit(`${operation} takes integers without a scale`)
        const { activation } = statedAt(index + 1, value.integers.dtype)
        if (!isSameActivation(activation, value.integers.activation))
          unfit(`${operation} takes integers with another scale or zero point than it states`)
        return value.integers
      }
      const { from, bounds } = value.floats
      if (statesScale || 'close' in from || bounds !== boundsOf.linear) unfit(`${operation} takes floats`)
      return from
    }

    /** The output of a node: integers if the node states their scale, else floats that must still be quantised. */
    const give = (layer: OpenLayer): void => {
      const place = outputScales.get(operation)
      if (place === undefined) {
        open.add(layer)
        values.set(output, { floats: { from: layer, bounds: boundsOf.linear } })
        return
      }
      if (!inputs[place]) unfit(`${operation} gives floats`)
      const { activation, dtype } = statedAt(place, 'uint8')
      become(output, { activation, dtype, layer: layer.close(activation) })
    }

    /** Checks that the integers are the output of the layer before. */
    const checkCurrent = (integers: Integers): void => {
      if (integers !== current) unfit(`${operation} takes an earlier activation`)
    }

    const quantize = (): void => {
      const value = values.get(first)!
      const isInt8 = node.attributes.get('output_dtype')?.integer === 3
      const { activation, dtype } = statedAt(1, isInt8 ? 'int8' : 'uint8')
      if (value === 'input') {
        if (inputType !== null || current !== null) unfit('its input is quantised more than once')
        become(output, { activation, dtype, layer: null })
        return
      }
      if ('integers' in value) unfit(`${operation} takes integers`)
      const { from, bounds } = value.floats
      if ('close' in from) {
        const to = held(activation, bounds)
        const before = closed.get(from)
        // ONNX Runtime may quantise the same floats again for each operator that takes them.
        if (before !== undefined && isSameActivation(before.output, to)) {
          values.set(output, { integers: before.integers })
          return
        }
        const integers = { activation, dtype, layer: from.close(to) }
        closed.set(from, { integers, output: to })
        open.delete(from)
        become(output, integers)
        return
      }
      if (!isSameActivation(activation, from.activation)) unfit('its integers get another scale between two layers')
      if (bounds === boundsOf.linear) {
        values.set(output, { integers: from })
        return
      }
      checkCurrent(from)
      const layer = layers[from.layer ?? -1]
      if (layer === undefined || (layer.kind === 'weights' && layer.addition !== null)) {
        unfit('an activation function follows no layer')
      }
      layer.output = held(layer.output, bounds)
      become(output, { ...from })
    }

    const addResidual = (): void => {
      const isLinear = operation === 'QLinearAdd'
      const operands = [integersAt(0, isLinear), integersAt(isLinear ? 3 : 1, isLinear)]
      const own = current
      const residual = operands.find((operand) => operand !== own)
      const layer = layers[own?.layer ?? -1]
      const from = residual?.layer ?? null
      if (
        from === null ||
        residual === undefined ||
        // The values before the activation function or the addition of a layer are not kept.
        given[from] !== residual ||
        own === null ||
        !operands.includes(own) ||
        layer?.kind !== 'weights' ||
        layer.addition !== null
      ) {
        unfit('an addition is no shortcut')
      }
      const close = (sum: StoredActivation): number => {
        checkCurrent(own)
        layer.addition = { from, residual: residual.activation, output: sum }
        return own.layer!
      }
      give({ name: operation, close })
    }

    const compute = (): void => {
      const place = weighted.get(operation)
      const from = integersAt(0, operation.startsWith('Q'))
      checkCurrent(from)
      if (place === undefined) {
        const close = (to: StoredActivation): number => {
          checkCurrent(from)
          return layers.push({ kind: 'pool', rounding: 'product', input: from.activation, output: to }) - 1
        }
        give({ name: operation, close })
        return
      }
      const kernel = kernelOf(parameters.get(constants.get(inputs[place.kernel] ?? '')?.name ?? ''))
      const biasName = place.bias === null ? '' : (inputs[place.bias] ?? '')
      const bias = biasOf32Bits(biasName === '' ? null : { name: biasName, constant: constants.get(biasName) ?? null })
      if (bias !== null) checkBias(bias, from.activation, kernel)
      const close = (to: StoredActivation): number => {
        checkCurrent(from)
        return layers.push({ kind: 'weights', input: from.activation, kernel, bias, output: to, addition: null }) - 1
      }
      give({ name: operation, close })
    }

    /** An activation function, or an operator that moves values. */
    const pass = (allowed: Bounds): void => {
      const value = values.get(first) ?? unfit(`${operation} takes no activation first`)
      if (allowed === boundsOf.linear) values.set(output, value)
      else if (value === 'input' || 'integers' in value) unfit(`${operation} takes no floats`)
      else values.set(output, { floats: { ...value.floats, bounds: within(value.floats.bounds, allowed) } })
    }

    switch (operation) {
      case 'QuantizeLinear':
        quantize()
        break
      case 'DequantizeLinear':
        values.set(output, { floats: { from: integersAt(0, true), bounds: boundsOf.linear } })
        break
      case 'Add':
      case 'QLinearAdd':
        addResidual()
        break
      case 'Relu':
        pass(boundsOf.relu)
        break
      case 'Clip':
        pass(clipBounds(node, constants))
        break
      case 'Pad': {
        // A Pad adds stored zeros to integers, and these need not mean zero.
        const value = values.get(first)
        if (value === 'input' ? inputType !== null : value === undefined || 'integers' in value)
          unfit('a Pad adds zeros to integers')
        pass(boundsOf.linear)
        break
      }
      default:
        if (operation === 'DynamicQuantizeLinear') unfit('its activations are scaled at run time')
        if (movers.has(operation)) pass(boundsOf.linear)
        else if (weighted.has(operation) || pools.has(operation)) compute()
        else unfit(`it has the operator ${shortened(operation)}, which is not run in integers`)
    }
  }

  for (const node of nodes) take(node)
  const [unclosed] = open
  if (unclosed !== undefined) unfit(`${unclosed.name} gives floats`)
  const [layer] = layers
  if (layer === undefined) unfit('its activations are floats')
  return { input: layer.input, takesLevels: inputType !== null, layers }
}

/**
 * The integers of a file that ONNX Runtime quantised, if each operator takes 8-bit integers from the operator before it: between
 * QuantizeLinear and DequantizeLinear, or as QLinear operators.
 * @param input the name of the input
 * @param inputType the type of an input of levels; null for floats
 */
export function onnxIntegers(source: OnnxSource, input: string, inputType: TensorType | null): StoredIntegers | UnusableIntegers {
  return orUnusable(() => walk(source, input, inputType))
}
