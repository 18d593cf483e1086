import { type Code, i32, type NewLocal, op, plus, type Statement } from '@mobilenetv2/assembler'
import type { ConvolutionLayer, DepthwiseLayer, Padding } from '@mobilenetv2/spec'
import { mapLayout, type RowLayout, rowAddress } from '../codegen/addresses.js'
import type { ValueBytes } from '../codegen/arithmetic.js'
import { zerosAddress } from '../memory-contract.js'

/** A window of `kernelSize` x `kernelSize` that moves over a map. A pixel has `channels` values of `inputBytes` bytes. */
export interface WindowShape {
  readonly kernelSize: number
  readonly stride: number
  readonly top: Padding['top']
  readonly left: Padding['left']
  readonly inputHeight: number
  readonly inputWidth: number
  readonly outputHeight: number
  readonly outputWidth: number
  readonly channels: number
  readonly inputBytes: ValueBytes
}

export function windowShape(
  layer: ConvolutionLayer | DepthwiseLayer,
  channels: number,
  inputBytes: WindowShape['inputBytes'],
): WindowShape {
  return {
    kernelSize: layer.kernelSize,
    stride: layer.stride,
    top: layer.padding.top,
    left: layer.padding.left,
    inputHeight: layer.input.height,
    inputWidth: layer.input.width,
    outputHeight: layer.output.height,
    outputWidth: layer.output.width,
    channels,
    inputBytes,
  }
}

/** The layout of the whole map that a window moves over. The row of zeros must be as long as its rows. */
export function inputLayout({ inputWidth, channels, inputBytes }: WindowShape): RowLayout {
  return mapLayout(inputWidth, channels * inputBytes)
}

/**
 * The addresses of the input rows under the window of output row `row`. `set` must run before they are used. Rows above and below the map
 * have the address `outside`.
 */
export function windowRows(
  local: NewLocal,
  { kernelSize, stride, top, inputHeight }: WindowShape,
  row: Code<'i32'>,
  base: Code<'i32'>,
  layout: RowLayout,
  outside: Code<'i32'> = i32(zerosAddress),
): { set: Statement[]; addresses: Code<'i32'>[] } {
  const first = local('i32')
  const addresses = Array.from({ length: kernelSize }, (_, offset) => {
    const index = plus(first.get, offset)
    return op('i32.select', rowAddress(base, index, layout), outside, op('i32.lt_u', index, i32(inputHeight)))
  })
  return { set: [first.set(plus(op('i32.mul', row, i32(stride)), -top))], addresses }
}
