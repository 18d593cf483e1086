import { type Code, call, type FunctionRef, i32, type Local, op, type Statement } from '../assembler/code.js'
import type { NewLocal } from '../assembler/module.js'
import { type ConvolutionShape, floatBytes, type WindowShape } from '../planner/kernel.js'
import { inputRowBytes } from '../planner/sizes.js'
import { type Emitter, plus, rowAddress } from './emitter.js'
import { patchRow } from './patches.js'
import { pointwiseRow } from './pointwise.js'

/** Bytes of one output row of a product. */
export function productRowBytes({ pixels, outputs }: { pixels: number; outputs: number }): number {
  return pixels * outputs * floatBytes
}

/**
 * The addresses of the rows under the window of output row `row`, first set into locals: rows of zeros above and below the map.
 * `rowAt` gives the address of an input row, given its index.
 */
export function windowRows(
  local: NewLocal,
  { kernelSize, stride, top, inputHeight }: WindowShape,
  row: Code<'i32'>,
  rowAt: (index: Code<'i32'>) => Code<'i32'>,
): { set: Statement[]; addresses: Code<'i32'>[] } {
  const first = local('i32')
  const addresses = Array.from({ length: kernelSize }, (_, offset) => {
    const index = plus(first.get, offset)
    return rowAddress(rowAt(index), index, inputHeight)
  })
  return { set: [first.set(plus(op('i32.mul', row, i32(stride)), -top))], addresses }
}

/** base + index * bytes. */
export function rowAt(base: Local<'i32'>, bytes: number): (index: Code<'i32'>) => Code<'i32'> {
  return (index) => op('i32.add', base.get, op('i32.mul', index, i32(bytes)))
}

/** (input, weights, output, residual, patches, row): one output row of a convolution, at the addresses of that row. */
export function convolutionRow(emitter: Emitter, shape: ConvolutionShape): FunctionRef {
  return emitter.once('convolutionRow', shape, 6, (local, input, weights, output, residual, patches, row) => {
    const { set, addresses } = windowRows(local, shape.window, row!.get, rowAt(input!, inputRowBytes(shape.window)))
    return [
      ...set,
      call(patchRow(emitter, shape.window), ...addresses, patches!.get),
      call(pointwiseRow(emitter, shape.product), patches!.get, weights!.get, output!.get, residual!.get),
    ]
  })
}
