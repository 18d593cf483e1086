import { createModule, i32, load, op, store } from '@mobilenetv2/assembler'
import { simdLevel } from './simd-level.js'

/**
 * Whether the relaxed dot of this engine and processor multiplies signed integers of 8 bits with unsigned ones of 8 bits, and not of 7 bits
 * only, and sums four products without saturation, as processors with VNNI do. Asked by trying.
 */
export function dotTakesBytes(): boolean {
  if (simdLevel() !== 'relaxed-simd') return false
  const [weightsAt, bytesAt, sumsAt] = [0, 16, 32]
  const module = createModule({ pages: 1 })
  const dot = op(
    'i32x4.relaxed_dot_i8x16_i7x16_add_s',
    load('v128.load', i32(weightsAt)),
    load('v128.load', i32(bytesAt)),
    load('v128.load', i32(sumsAt)),
  )
  module.export(
    'dot',
    module.define(0, () => [store('v128.store', i32(sumsAt), dot)]),
  )
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  const weights = [127, 127, 127, 127, -128, -128, -128, -128, 127, 127, -128, -128, 1, 0, 0, -1]
  new Int8Array(memory.buffer, weightsAt).set(weights)
  new Uint8Array(memory.buffer, bytesAt, 16).fill(255)
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: { memory } })
  ;(exports.dot as () => void)()
  const sums = new Int32Array(memory.buffer, sumsAt, 4)
  return [4 * 127, 4 * -128, -2, 0].every((sum, lane) => sums[lane] === 255 * sum)
}
