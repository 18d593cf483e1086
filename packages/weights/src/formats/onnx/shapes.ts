import { type StoredTensor, valueCount } from '../../checkpoint.js'
import {
  combineValues,
  concatValues,
  gatherValues,
  mapValues,
  mostShapeValues,
  productValue,
  reshapeValue,
  type ShapeValues,
  sliceValues,
  transposeValue,
} from '../shape-values.js'
import { integerOf, integersOf, refuseNode } from './attributes.js'
import { numbersOf } from './constants.js'
import type { OnnxNode } from './model.js'

const arithmetic: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['Add', (a, b) => a + b],
  ['Sub', (a, b) => a - b],
  ['Mul', (a, b) => a * b],
  ['Max', Math.max],
  ['Min', Math.min],
  ['Mod', (a, b) => a - Math.floor(a / b) * b],
  ['Equal', (a, b) => Number(a === b)],
  ['Greater', (a, b) => Number(a > b)],
  ['Less', (a, b) => Number(a < b)],
])

const changes: ReadonlyMap<string, (value: number) => number> = new Map([
  ['Cast', (value) => value],
  ['Identity', (value) => value],
  ['Floor', Math.floor],
  ['Ceil', Math.ceil],
  ['Neg', (value) => -value],
])

/** The integers of a small constant. */
function integersOfTensor(tensor: StoredTensor | undefined): ShapeValues | null {
  const isInteger = tensor?.dtype === 'int64' || tensor?.dtype === 'int32'
  if (tensor === undefined || !isInteger || tensor.quantization !== null || valueCount(tensor.shape) > mostShapeValues) return null
  return { shape: tensor.shape, values: numbersOf(tensor) }
}

/** The integers that a graph computes from the shapes of activations, by name. */
export interface OnnxShapes {
  /** The integers that were computed, or those of a small constant; null for anything else. */
  integersOf(name: string | undefined): ShapeValues | null
  /** Computes a node if all of its inputs are known. Returns whether it did. */
  convert(node: OnnxNode): boolean
}

/**
 * Starts the computation of shapes. Exported graphs compute shapes before reshapes, and graphs of Hugging Face's models before
 * paddings.
 * @param shapeOf gives the shape of an activation
 */
export function onnxShapes(
  constants: ReadonlyMap<string, StoredTensor>,
  shapeOf: (node: OnnxNode, name: string) => readonly number[],
): OnnxShapes {
  const found = new Map<string, ShapeValues>()
  const known = (name: string | undefined): ShapeValues | null =>
    name === undefined ? null : (found.get(name) ?? integersOfTensor(constants.get(name)))

  const evaluate = (node: OnnxNode): ShapeValues | null => {
    const { operation, inputs } = node
    const at = (index: number): ShapeValues => known(inputs[index]) ?? refuseNode(node, `integers as input ${index}`, 'none')
    const listAt = (attribute: string, index: number, otherwise: readonly number[]): readonly number[] => {
      const stated = integersOf(node, attribute)
      if (stated.length > 0) return stated
      return inputs[index] === undefined || inputs[index] === '' ? otherwise : at(index).values
    }
    const calculate = arithmetic.get(operation)
    const change = changes.get(operation)
    if (calculate !== undefined) return combineValues(at(0), at(1), calculate)
    if (change !== undefined) return mapValues(at(0), change)
    switch (operation) {
      case 'Shape': {
        const shape = shapeOf(node, inputs[0] ?? '')
        const [start, end] = [integerOf(node, 'start', 0), integerOf(node, 'end', shape.length)]
        const values = shape.slice(start, end)
        return { shape: [values.length], values }
      }
      case 'Div':
        // Integers are divided as integers.
        return combineValues(at(0), at(1), (a, b) => Math.trunc(a / b))
      case 'Gather':
        return integerOf(node, 'axis', 0) === 0 ? gatherValues(at(0), at(1)) : null
      case 'Concat':
        return integerOf(node, 'axis', 0) === 0 ? concatValues(inputs.map((_, index) => at(index))) : null
      case 'Slice': {
        const [[start], [end], [axis], [step]] = [
          listAt('starts', 1, []),
          listAt('ends', 2, []),
          listAt('axes', 3, [0]),
          listAt('steps', 4, [1]),
        ]
        return axis === 0 && start !== undefined && end !== undefined ? sliceValues(at(0), start, end, step ?? 1) : null
      }
      case 'Unsqueeze':
        return { shape: [...listAt('axes', 1, [0]).map(() => 1), ...at(0).shape], values: at(0).values }
      case 'Squeeze':
        return { shape: at(0).shape.filter((extent) => extent !== 1), values: at(0).values }
      case 'Reshape':
        return reshapeValue(at(0), at(1).values)
      case 'Transpose':
        return transposeValue(at(0))
      case 'ConstantOfShape': {
        const tensor = node.attributes.get('value')?.tensor ?? null
        const [fill = 0] = tensor === null ? [] : numbersOf(tensor)
        const shape = at(0).values
        const count = valueCount(shape)
        if (!(Number.isSafeInteger(count) && count >= 0 && count <= mostShapeValues)) {
          refuseNode(node, `at most ${mostShapeValues} values`, String(count))
        }
        return { shape, values: Array.from({ length: count }, () => fill) }
      }
      case 'ReduceProd':
        return productValue(at(0))
      case 'Where':
        return {
          shape: at(1).shape,
          values: at(1).values.map((value, index) => (at(0).values[index] ? value : (at(2).values[index] ?? Number.NaN))),
        }
      default:
        return null
    }
  }

  return {
    integersOf: known,
    convert(node) {
      const inputs = node.inputs.filter((name) => name !== '')
      const all = node.operation === 'Shape' || (inputs.length > 0 && inputs.every((name) => known(name) !== null))
      const value = all ? evaluate(node) : null
      if (value === null) return false
      found.set(node.outputs[0] ?? '', value)
      return true
    },
  }
}
