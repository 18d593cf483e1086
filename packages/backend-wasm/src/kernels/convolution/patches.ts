import { advance, copyMemory, type FunctionRef, fillMemory, i32, load, plus, type Statement, store } from '@mobilenetv2/assembler'
import type { Emitter } from '../../codegen/emitter.js'
import { repeat } from '../../codegen/loops.js'
import { vectorBytes } from '../../memory-contract.js'
import type { WindowShape } from '../window.js'

const mostVectorsInLine = 16

/** A window whose values are gathered. */
export interface PatchShape extends WindowShape {
  /** The values of one row of the window in a patch. Up to three values of padding behind them are undefined, and have zero weights. */
  readonly lineValues: number
  /** The byte of which all values around the map consist. */
  readonly border: number
  /** Whether `border` differs from the bytes at `zerosAddress`. */
  readonly hasOwnRow: boolean
}

/**
 * (kernelSize input rows, output): gathers the patches of one output row. Each patch has `kernelSize` lines of `lineValues` values, without
 * gaps, and `border` left and right of the map. Vectors are written in the order of their addresses: if one reaches beyond its
 * line, the next overwrites the excess. The last one needs room after the row, which `patchRowBytes` includes.
 */
export function patchRow(emitter: Emitter, window: PatchShape): FunctionRef {
  const { inputHeight: _, outputHeight: __, top: ___, ...sizes } = window
  const { kernelSize, stride, left, inputWidth, outputWidth, channels, inputBytes, lineValues, border: outside } = window
  return emitter.once('patchRow', sizes, kernelSize + 1, (local, ...parameters) => {
    const rows = parameters.slice(0, kernelSize)
    const output = parameters[kernelSize]!
    const pixelBytes = channels * inputBytes
    const lineBytes = lineValues * inputBytes
    const patchBytes = kernelSize * lineBytes

    const copyInside = (from: number, row: number): Statement[] => {
      const vectors = Math.ceil(lineBytes / vectorBytes)
      const address = rows[row]!.get
      if (vectors > mostVectorsInLine) return [copyMemory(plus(output.get, row * lineBytes), plus(address, from), i32(lineBytes))]
      return [...Array(vectors).keys()].map((vector) => {
        const offset = vector * vectorBytes
        return store('v128.store', output.get, load('v128.load', address, from + offset), row * lineBytes + offset)
      })
    }
    const copyAtBorder = (start: number, row: number): Statement[] => {
      const first = Math.max(0, start)
      const end = Math.min(inputWidth, start + kernelSize)
      if (end <= first) return []
      const target = plus(output.get, row * lineBytes + (first - start) * pixelBytes)
      return [copyMemory(target, plus(rows[row]!.get, first * pixelBytes), i32((end - first) * pixelBytes))]
    }
    const starts = [...Array(outputWidth).keys()].map((column) => column * stride - left)
    const inside = starts.filter((start) => start >= 0 && start + kernelSize <= inputWidth)
    const border = (start: number): Statement[] => [
      fillMemory(output.get, i32(patchBytes), outside),
      ...rows.flatMap((_row, row) => copyAtBorder(start, row)),
      advance(output, patchBytes),
    ]
    const origin = inside[0] ?? 0
    const before = starts.filter((start) => start < 0)
    const after = starts.filter((start) => start >= 0 && start + kernelSize > inputWidth)
    const step = stride * pixelBytes
    return [
      ...before.flatMap(border),
      ...(inside.length === 0
        ? []
        : repeat(local, inside.length, output, patchBytes, [
            ...rows.flatMap((_row, row) => copyInside(origin * pixelBytes, row)),
            ...rows.map((row) => advance(row, step)),
            advance(output, patchBytes),
          ])),
      ...rows.map((row) => advance(row, -step * inside.length)),
      ...after.flatMap(border),
    ]
  })
}
