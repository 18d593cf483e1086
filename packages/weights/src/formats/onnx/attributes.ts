import type { Padding } from '@mobilenetv2/spec'
import { CheckpointError } from '../../checkpoint-error.js'
import type { OnnxNode } from './model.js'

/** Ends the reading at a node that no MobileNetV2 has. */
export function refuseNode(node: OnnxNode, expected: string, got: string): never {
  throw new CheckpointError('The graph has an operator that no MobileNetV2 has.', {
    expected,
    got: `${got}, at ${node.operation} ${(node.outputs[0] ?? '').slice(0, 100)}`,
  })
}

export function integerOf({ attributes }: OnnxNode, name: string, otherwise: number): number {
  return attributes.get(name)?.integer ?? otherwise
}

function integersOf({ attributes }: OnnxNode, name: string): readonly number[] {
  return attributes.get(name)?.integers ?? []
}

/** A float attribute as the decimal that was meant: 1e-5 is stored as 0.00000999999974. */
export function floatOf({ attributes }: OnnxNode, name: string, otherwise: number): number {
  const float = attributes.get(name)?.float ?? null
  return float === null ? otherwise : Number(float.toPrecision(7))
}

/** Stride and padding of a convolution, which must be the same along height and width. */
export function windowOf(node: OnnxNode): { stride: number; padding: 'same' | 'valid' | Padding } {
  const strides = integersOf(node, 'strides')
  const dilations = integersOf(node, 'dilations')
  const [stride = 1, strideWidth = stride] = strides
  if (!(Number.isSafeInteger(stride) && stride >= 1) || strideWidth !== stride || strides.length > 2) {
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
      if (pads.length !== 0 && (pads.length !== 4 || pads.some((zeros) => !Number.isSafeInteger(zeros) || zeros < 0))) {
        refuseNode(node, 'pads of height and width', pads.join(', '))
      }
      return { stride, padding: { top, bottom, left, right } }
    }
    default:
      return refuseNode(node, 'auto_pad NOTSET, SAME_UPPER or VALID', automatic.slice(0, 40))
  }
}

/** The numbers of a constant input, which newer operator sets have where older ones have an attribute; empty where there is none. */
type NumbersAt = (index: number) => number[]

/** The rows and columns of zeros of a `Pad`. */
export function zerosOf(node: OnnxNode, numbersAt: NumbersAt): Padding {
  const attribute = integersOf(node, 'pads')
  const pads = attribute.length > 0 ? attribute : numbersAt(1)
  const value = numbersAt(2)[0] ?? floatOf(node, 'value', 0)
  const [batchBefore, channelBefore, top, left, batchAfter, channelAfter, bottom, right] = pads
  const others = [batchBefore, channelBefore, batchAfter, channelAfter].every((zeros) => zeros === 0)
  const mode = node.attributes.get('mode')?.text ?? 'constant'
  if (pads.length !== 8 || !others || value !== 0 || mode !== 'constant') {
    refuseNode(node, 'zeros around height and width', `${mode.slice(0, 40)} ${value}, pads ${pads.slice(0, 8).join(', ')}`)
  }
  return { top: top!, bottom: bottom!, left: left!, right: right! }
}

/** The activation that a `Clip` is: `relu6`, `relu`, or its own words for another. */
export function clipOf(node: OnnxNode, numbersAt: NumbersAt): string {
  const low = numbersAt(1)[0] ?? floatOf(node, 'min', -Infinity)
  const high = numbersAt(2)[0] ?? floatOf(node, 'max', Infinity)
  if (low === 0 && high === 6) return 'relu6'
  return low === 0 && high === Infinity ? 'relu' : `clip from ${low} to ${high}`
}

/** What the strides of a MobileNetV2 multiply to. */
const totalStride = 32

/** Refuses a `ReduceMean` or an `AveragePool` that is not over the whole height and width. */
export function checkPool(node: OnnxNode, numbersAt: NumbersAt, inputHeight: number | null): void {
  const [height, width] = integersOf(node, 'kernel_shape')
  const attribute = integersOf(node, 'axes')
  const axes = attribute.length > 0 ? attribute : numbersAt(1)
  const padded = integersOf(node, 'pads').some((zeros) => zeros !== 0)
  const whole = inputHeight !== null && height === Math.ceil(inputHeight / totalStride) && width === height && !padded
  if (node.operation === 'ReduceMean' ? axes.length !== 2 : !whole) {
    refuseNode(node, 'a mean over height and width', `axes ${axes.slice(0, 8).join(', ')}, window ${height} x ${width}`)
  }
}
