import {
  combineValues,
  concatValues,
  gatherValues,
  mapValues,
  mostShapeValues,
  packValues,
  productValue,
  type ShapeValues,
  stridedSliceValues,
  vectorValue,
} from '../shape-values.js'
import type { TensorflowNode } from '../tfjs/nodes.js'

const arithmetic: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['Add', (a, b) => a + b],
  ['AddV2', (a, b) => a + b],
  ['Sub', (a, b) => a - b],
  ['Mul', (a, b) => a * b],
  ['FloorDiv', (a, b) => Math.floor(a / b)],
  ['Maximum', Math.max],
  ['Minimum', Math.min],
])

/**
 * Computes a node from shapes.
 * @param shape the shape of the activation that `Shape` takes
 * @param inputs the values that it takes
 * @returns null for a node that is not known
 */
export function shapeOfNode(
  { operation, attributes }: TensorflowNode,
  shape: readonly number[],
  inputs: readonly ShapeValues[],
): ShapeValues | null {
  if (operation === 'Shape') return vectorValue(shape)
  const [first, second] = inputs
  const calculate = arithmetic.get(operation)
  if (first === undefined) return null
  if (calculate !== undefined) return second === undefined ? null : combineValues(first, second, calculate)
  switch (operation) {
    case 'StridedSlice': {
      const bit = (name: string): boolean => ((attributes.integer(name) ?? 0) & 1) === 1
      const [begin = 0, end = 0, step = 1] = inputs.slice(1).map(({ values }) => values[0])
      return stridedSliceValues(
        first,
        bit('begin_mask') ? null : begin,
        bit('end_mask') ? null : end,
        step,
        bit('shrink_axis_mask'),
      )
    }
    case 'Pack':
      return packValues(inputs)
    case 'ConcatV2':
      return concatValues(inputs.slice(0, -1))
    case 'GatherV2':
      return second === undefined ? null : gatherValues(first, second)
    case 'Prod':
      return productValue(first)
    case 'Fill': {
      const [count = 0] = first.values
      const isVector = first.values.length === 1 && count >= 0 && count <= mostShapeValues
      return isVector && second !== undefined ? vectorValue(Array.from({ length: count }, () => second.values[0] ?? 0)) : null
    }
    case 'Reshape':
    case 'Squeeze':
    case 'ExpandDims':
      return vectorValue(first.values)
    case 'Cast':
    case 'Identity':
      return mapValues(first, (value) => value)
    default:
      return null
  }
}
