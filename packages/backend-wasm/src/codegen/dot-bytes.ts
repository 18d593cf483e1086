import { createModule, i32, load, op, store } from '@mobilenetv2/assembler'
import { compileModule, takeMemory } from '../threads/engine.js'
import { simdLevel } from './simd-level.js'

/** The range of the bytes that a dot product takes together with signed weights: 0 to 255, or -128 to 127. */
export type ByteDomain = 'unsigned' | 'signed'

/** The least weight for which the products are exact. V8 on Arm adds two products in 16 bits, which 2 * -128 * -128 would overflow. */
export const leastWeight = { unsigned: -128, signed: -127 } as const

/**
 * The range of bytes that the relaxed dot product multiplies with signed weights of 8 bits, exactly and without saturation; null if there
 * is none. The standard promises only 7 bits. Processors with VNNI take unsigned bytes, those of Arm signed bytes. This runs the
 * instruction to find out.
 * @throws MobileNetV2Error `BACKEND` if the engine refuses to compile
 */
export async function dotBytes(): Promise<ByteDomain | null> {
  if (simdLevel() !== 'relaxed-simd') return null
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
  const memory = takeMemory(1, false)
  const { exports } = await WebAssembly.instantiate(await compileModule(module.encode()), { env: { memory } })
  const isExact = (domain: ByteDomain, byte: number): boolean => {
    const least = leastWeight[domain]
    const weights = [127, 127, 127, 127, least, least, least, least, 127, 127, least, least, 1, 0, 0, -1]
    new Int8Array(memory.buffer, weightsAt).set(weights)
    new Uint8Array(memory.buffer, bytesAt, 16).fill(byte)
    const sums = new Int32Array(memory.buffer, sumsAt, 4).fill(0)
    ;(exports.dot as () => void)()
    return [4 * 127, 4 * least, 2 * (127 + least), 0].every((sum, lane) => sums[lane] === byte * sum)
  }
  if (isExact('unsigned', 255)) return 'unsigned'
  return isExact('signed', 127) && isExact('signed', -128) ? 'signed' : null
}
