import { seededValues } from '@mobilenetv2/testing'

/** Where a quantised tensor's scales and zero points stand in a TensorFlow Lite file. */
export interface QuantizationPlace {
  /** The offset of the first scale. */
  readonly scales: number
  readonly count: number
  /** The offset of the first zero point. */
  readonly zeros: number
  readonly constant: boolean
  readonly unsigned: boolean
}

/** Which bits of a scale are kept: 1, 2 or 3 of its leading ones, or all. */
const masks = [0xff800000, 0xffc00000, 0xffe00000, 0xffffffff] as const

/** A quantised file with other scales and zero points. `varied` of goldens/integers.py does the same. */
export function variedTflite(bytes: Uint8Array, places: readonly QuantizationPlace[], seed: number): Uint8Array {
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  const moves = seededValues('moves', 2 * places.length, -1, 1, seed)
  for (const [index, { scales, count, zeros, constant, unsigned }] of places.entries()) {
    const move = Math.floor(moves[2 * index]! * 2 ** 22)
    for (let at = scales; at < scales + 4 * count; at += 4) {
      view.setUint32(at, (view.getUint32(at, true) + move) & masks[seed % masks.length]!, true)
    }
    if (constant) continue
    const low = unsigned ? 0 : -128
    const moved = Number(view.getBigInt64(zeros, true)) + Math.floor(moves[2 * index + 1]! * 24)
    view.setBigInt64(zeros, BigInt(Math.min(Math.max(moved, low), low + 255)), true)
  }
  return copy
}
