import { advance, bytes16, type Code, createModule, i32, load, loopWhile, op, store, storeHalf } from '@mobilenetv2/assembler'
import type { IntegerInput } from '@mobilenetv2/spec'
import { splat } from '../codegen/arithmetic.js'
import { floatBytes, lanes, vectorBytes } from '../memory-contract.js'
import { rounder } from './int8.js'

const channels = 3
/** Vectors that are read at once: as many as hold whole pixels, and fill whole vectors of integers. */
const vectors = 6
/** Values that are encoded in one turn. Their floats and integers fit one page of memory. */
const turn = 400 * vectors * lanes
const integersAt = turn * floatBytes

/** Four values of the channels in turn, as vector number `index` of a picture needs them. */
function ofChannels(values: readonly number[], index: number): Code<'v128'> {
  const floats = Float32Array.from({ length: lanes }, (_, lane) => values[(index * lanes + lane) % channels]!)
  return bytes16([...new Uint8Array(floats.buffer)])
}

/** (end of the floats, which begin at 0): their integers, in 16 bits or less the least in 8. */
function encoderModule({ factor, offset, least, most }: IntegerInput, valueBytes: 1 | 2) {
  const module = createModule({ pages: 1 })
  module.export(
    'encode',
    module.define(1, (local, end) => {
      const [input, output] = [local('i32'), local('i32')]
      const integer = (index: number): Code<'v128'> => {
        const read = load('v128.load', input.get, index * vectorBytes)
        const value = op('f32x4.add', op('f32x4.mul', read, ofChannels(factor, index)), ofChannels(offset, index))
        // A NaN becomes the least.
        const held = op('f32x4.pmin', splat(most), op('f32x4.pmax', splat(least), value))
        const integer = op('i32x4.sub', op('f32x4.add', held, splat(rounder)), splat(rounder))
        return valueBytes === 1 ? op('i32x4.sub', integer, op('i32x4.splat', i32(least))) : integer
      }
      const storeEight = (index: number) => {
        const eight = op('i16x8.narrow_i32x4_s', integer(index), integer(index + 1))
        const at = index * lanes * valueBytes
        return valueBytes === 1
          ? storeHalf(output.get, op('i8x16.narrow_i16x8_u', eight, eight), at)
          : store('v128.store', output.get, eight, at)
      }
      return [
        output.set(i32(integersAt)),
        loopWhile(
          [...[0, 2, 4].map(storeEight), advance(input, vectors * vectorBytes), advance(output, vectors * lanes * valueBytes)],
          op('i32.lt_u', input.get, end.get),
        ),
      ]
    }),
  )
  return module.encode()
}

/** The integers of a picture, as `IntegerInput` says: each less its zero point in 16 bits, or less the least in 8. */
export type Encode = (picture: Float32Array) => Int16Array | Uint8Array

/** In JavaScript this would take half a millisecond for 224 x 224, a tenth of a whole run. */
export async function createEncoder(input: IntegerInput, valueBytes: 1 | 2): Promise<Encode> {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  const { instance } = await WebAssembly.instantiate(encoderModule(input, valueBytes), { env: { memory } })
  const encode = instance.exports.encode as (end: number) => void
  const floats = new Float32Array(memory.buffer, 0, turn)
  const Integers = valueBytes === 1 ? Uint8Array : Int16Array
  return (picture) => {
    const integers = new Integers(picture.length)
    for (let from = 0; from < picture.length; from += turn) {
      const length = Math.min(turn, picture.length - from)
      floats.set(picture.subarray(from, from + length))
      encode(length * floatBytes)
      integers.set(new Integers(memory.buffer, integersAt, length), from)
    }
    return integers
  }
}
