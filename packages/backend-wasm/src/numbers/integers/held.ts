import { type Code, type Local, load, op, type Statement, store, storeHalf } from '@mobilenetv2/assembler'
import type { IntegerActivation } from '@mobilenetv2/spec'
import type { ByteDomain } from '../../codegen/dot-bytes.js'

/** How memory holds the integers of activations. */
export interface Held {
  readonly bytes: 1 | 2
  /** Channels that a depthwise convolution does at once. Where it adds up in float32, 8 would need more registers than x64 has. */
  readonly depthwiseChannels: 4 | 8
  /** What the integers of a tensor have added in memory. */
  added(tensor: Pick<IntegerActivation, 'least'>): number
  /** Integers as memory holds them. */
  valuesOf(buffer: ArrayBuffer): Int8Array | Uint8Array | Int16Array
  /** Four integers at an address, in 32 bits. Reads 8 bytes. */
  readFour(address: Local<'i32'>, offset: number): Code<'v128'>
  /** Eight integers at an address, in 16 bits. */
  readEight(address: Local<'i32'>): Code<'v128'>
  /**
   * Stores 8 integers, which two vectors of 32-bit ones hold, each held within what the memory's integers can be. Without `high` it stores 4,
   * in 16 bits alone.
   */
  storeIntegers(output: Local<'i32'>, low: Code<'v128'>, high: Code<'v128'> | null, offset: number): Statement
}

/** In 16 bits, each less its zero point. */
export const inSixteenBits: Held = {
  bytes: 2,
  depthwiseChannels: 4,
  added: () => 0,
  valuesOf: (buffer) => new Int16Array(buffer),
  readFour: (address, offset) => load('v128.load16x4_s', address.get, offset),
  readEight: (address) => load('v128.load', address.get),
  storeIntegers: (output, low, high, offset) =>
    high === null
      ? storeHalf(output.get, op('i16x8.narrow_i32x4_s', low, low), offset)
      : store('v128.store', output.get, op('i16x8.narrow_i32x4_s', low, high), offset),
}

function inEightBits(
  lowest: 0 | -128,
  loadEight: 'v128.load8x8_u' | 'v128.load8x8_s',
  narrow: 'i8x16.narrow_i16x8_u' | 'i8x16.narrow_i16x8_s',
): Held {
  return {
    bytes: 1,
    depthwiseChannels: 8,
    added: ({ least }) => lowest - least,
    valuesOf: (buffer) => (lowest === 0 ? new Uint8Array(buffer) : new Int8Array(buffer)),
    readFour: (address, offset) => op('i32x4.extend_low_i16x8_s', load(loadEight, address.get, offset)),
    readEight: (address) => load(loadEight, address.get),
    storeIntegers(output, low, high, offset) {
      if (high === null) throw new RangeError('8 bits are stored by eights')
      const halves = op('i16x8.narrow_i32x4_s', low, high)
      return storeHalf(output.get, op(narrow, halves, halves), offset)
    },
  }
}

/** In 8 bits, of which the lowest is the least integer of its tensor. */
export const inBytesOf: Readonly<Record<ByteDomain, Held>> = {
  unsigned: inEightBits(0, 'v128.load8x8_u', 'i8x16.narrow_i16x8_u'),
  signed: inEightBits(-128, 'v128.load8x8_s', 'i8x16.narrow_i16x8_s'),
}
