import { advance, bytes16, type Code, createModule, i32, load, loopWhile, op } from '@mobilenetv2/assembler'
import type { IntegerInput } from '@mobilenetv2/spec'
import { splat } from '../../codegen/arithmetic.js'
import { floatBytes, lanes, vectorBytes } from '../../memory-contract.js'
import { compileModule, takeMemory } from '../../threads/engine.js'
import type { Held } from './held.js'
import { rounder } from './places.js'

/** The channels of a picture. */
const channels = 3
/** The vectors that are read at once. They hold 8 whole pixels, and their integers fill whole vectors. */
const vectors = 6
/** The values that are encoded in one call. Their floats and integers fit into one page of memory. */
const turn = 400 * vectors * lanes
const integersAt = turn * floatBytes

/** The values of the channels for the four lanes of vector number `index` of a picture. */
function ofChannels(values: readonly number[], index: number): Code<'v128'> {
  const floats = Float32Array.from({ length: lanes }, (_, lane) => values[(index * lanes + lane) % channels]!)
  return bytes16([...new Uint8Array(floats.buffer)])
}

/** The module with the function `encode`(end): it reads the floats from address 0 to `end`, and writes their integers. */
function encoderModule({ factor, offset, least, most }: IntegerInput, { bytes: valueBytes, added, storeIntegers }: Held) {
  const inMemory = added({ least })
  const module = createModule({ pages: 1 })
  module.export(
    'encode',
    module.define(1, (local, end) => {
      const [input, output] = [local('i32'), local('i32')]
      const integer = (index: number): Code<'v128'> => {
        const read = load('v128.load', input.get, index * vectorBytes)
        const value = op('f32x4.add', op('f32x4.mul', read, ofChannels(factor, index)), ofChannels(offset, index))
        // A NaN becomes the least integer.
        const held = op('f32x4.pmin', splat(most), op('f32x4.pmax', splat(least), value))
        const integer = op('i32x4.sub', op('f32x4.add', held, splat(rounder)), splat(rounder))
        return inMemory === 0 ? integer : op('i32x4.add', integer, op('i32x4.splat', i32(inMemory)))
      }
      const storeAt = (index: number) => storeIntegers(output, integer(index), integer(index + 1), index * lanes * valueBytes)
      return [
        output.set(i32(integersAt)),
        loopWhile(
          [...[0, 2, 4].map(storeAt), advance(input, vectors * vectorBytes), advance(output, vectors * lanes * valueBytes)],
          op('i32.lt_u', input.get, end.get),
        ),
      ]
    }),
  )
  return module.encode()
}

/** The bytes of an encoder's memory. */
export const encoderBytes = 65_536

/** Quantises a picture as `IntegerInput` says. Gives the bytes of the integers as they are stored. */
export type Encode = (picture: Float32Array) => Uint8Array

/** Creates an encoder in WebAssembly. In JavaScript, encoding 224 x 224 pixels takes half a millisecond, a tenth of a whole run. */
export async function createEncoder(input: IntegerInput, held: Held): Promise<Encode> {
  const memory = takeMemory(1, false)
  const { exports } = await WebAssembly.instantiate(await compileModule(encoderModule(input, held)), { env: { memory } })
  const encode = exports.encode as (end: number) => void
  const floats = new Float32Array(memory.buffer, 0, turn)
  return (picture) => {
    const integers = new Uint8Array(picture.length * held.bytes)
    for (let from = 0; from < picture.length; from += turn) {
      const length = Math.min(turn, picture.length - from)
      floats.set(picture.subarray(from, from + length))
      encode(length * floatBytes)
      integers.set(new Uint8Array(memory.buffer, integersAt, length * held.bytes), from * held.bytes)
    }
    return integers
  }
}
