import type { Padding } from '@mobilenetv2/spec'
import { refuseOperator } from '../../graph/graph-builder.js'
import type { OnnxNode } from './model.js'

/** Throws the error for a node that no MobileNetV2 has. */
export function refuseNode(node: OnnxNode, expected: string, got: string, remedy?: string): never {
  refuseOperator({ operation: node.operation, output: node.outputs[0] ?? '' }, expected, got, remedy)
}

export function integerOf(node: OnnxNode, name: string, otherwise: number): number {
  const attribute = node.attributes.get(name)
  return attribute === undefined ? otherwise : (attribute.integer ?? refuseNode(node, `an integer ${name}`, 'none'))
}

export function integersOf({ attributes }: OnnxNode, name: string): readonly number[] {
  return attributes.get(name)?.integers ?? []
}

/** A float attribute as the decimal that was written: 1e-5 is stored as 0.00000999999974. */
export function floatOf(node: OnnxNode, name: string, otherwise: number): number {
  const attribute = node.attributes.get(name)
  return attribute === undefined
    ? otherwise
    : Number((attribute.float ?? refuseNode(node, `a float ${name}`, 'none')).toPrecision(7))
}

/** How many numbers the attributes of a window have. */
const windowAttributes = { kernel_shape: 2, strides: 2, dilations: 2, pads: 4 } as const

/**
 * Checks the attributes of a convolution or a pool.
 * @throws CheckpointError if one does not have the numbers for height and width
 */
export function checkWindow(node: OnnxNode): void {
  for (const [name, length] of Object.entries(windowAttributes)) {
    const values = integersOf(node, name)
    if (!node.attributes.has(name) || values.length === length) continue
    refuseNode(node, `${name} of height and width`, values.slice(0, 8).join(', '))
  }
}

/** The stride of a convolution, which must be the same along height and width, and its padding. */
export function windowOf(node: OnnxNode): { stride: number; padding: 'same' | 'valid' | Padding } {
  const strides = integersOf(node, 'strides')
  const dilations = integersOf(node, 'dilations')
  const [stride = 1, strideWidth = stride] = strides
  if (!(Number.isSafeInteger(stride) && stride >= 1) || strideWidth !== stride) {
    refuseNode(node, 'one stride', `strides ${strides.join(', ')}`)
  }
  if (dilations.some((dilation) => dilation !== 1)) refuseNode(node, 'no dilation', `dilations ${dilations.join(', ')}`)
  const automatic = node.attributes.get('auto_pad')?.text ?? 'NOTSET'
  switch (automatic) {
    case 'SAME_UPPER':
      return { stride, padding: 'same' }
    case 'VALID':
      return { stride, padding: 'valid' }
    case 'NOTSET': {
      const pads = integersOf(node, 'pads')
      const [top = 0, left = 0, bottom = 0, right = 0] = pads
      if (pads.some((zeros) => !Number.isSafeInteger(zeros) || zeros < 0)) {
        refuseNode(node, 'pads of height and width', pads.join(', '))
      }
      return { stride, padding: { top, bottom, left, right } }
    }
    default:
      return refuseNode(node, 'auto_pad NOTSET, SAME_UPPER or VALID', automatic.slice(0, 40))
  }
}

/** The numbers of a constant input, which newer operator sets have in place of an attribute; empty if there is none. */
type NumbersAt = (index: number) => number[]

/** The zeros that a `Pad` adds before and after each axis of an activation of `rank` axes. */
export function zerosOf(node: OnnxNode, rank: number, numbersAt: NumbersAt): (readonly [before: number, after: number])[] {
  const attribute = integersOf(node, 'pads')
  const stated = attribute.length > 0 ? attribute : numbersAt(1)
  const axes = numbersAt(3)
  const value = numbersAt(2)[0] ?? floatOf(node, 'value', 0)
  const mode = node.attributes.get('mode')?.text ?? 'constant'
  const places =
    axes.length > 0 ? axes.map((axis) => (axis < 0 ? axis + rank : axis)) : Array.from({ length: rank }, (_, axis) => axis)
  if (stated.length !== 2 * places.length || value !== 0 || mode !== 'constant') {
    refuseNode(node, 'zeros around height and width', `${mode} ${value}, pads ${stated.slice(0, 8).join(', ')}`)
  }
  return Array.from({ length: rank }, (_, axis) => {
    const place = places.indexOf(axis)
    return place < 0 ? [0, 0] : [stated[place]!, stated[place + places.length]!]
  })
}

/** The limits of a `Clip`. */
export function clipOf(node: OnnxNode, numbersAt: NumbersAt): readonly [low: number, high: number] {
  const boundAt = (index: number, name: string, otherwise: number): number => {
    const bounds = numbersAt(index)
    if (node.inputs[index] && bounds.length !== 1) refuseNode(node, 'one number as a bound', bounds.slice(0, 8).join(', '))
    return bounds[0] ?? floatOf(node, name, otherwise)
  }
  return [boundAt(1, 'min', -Infinity), boundAt(2, 'max', Infinity)]
}
