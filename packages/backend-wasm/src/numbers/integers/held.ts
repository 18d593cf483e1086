import { type Code, type Local, load, op, type Statement, store, storeHalf } from '@mobilenetv2/assembler'
import type { IntegerActivation } from '@mobilenetv2/spec'
import type { ByteDomain } from '../../codegen/dot-bytes.js'

/** How the integers of activations are stored in memory. */
export interface Held {
  readonly bytes: 1 | 2
  /** The number that is added to the integers of a tensor when they are stored. */
  added(tensor: Pick<IntegerActivation, 'least'>): number
  /** A view of stored integers. */
  valuesOf(buffer: ArrayBuffer): Int8Array | Uint8Array | Int16Array
  /** Reads four integers at an address as 32-bit lanes. It reads 8 bytes. */
  readFour(address: Local<'i32'>, offset: number): Code<'v128'>
  /** Reads eight integers at an address as 16-bit lanes. */
  readEight(address: Local<'i32'>): Code<'v128'>
  /**
   * Stores 8 integers from two vectors of 32-bit lanes, and saturates them to the stored type. Without `high` it stores 4 integers, which
   * works in 16 bits only.
   */
  storeIntegers(output: Local<'i32'>, low: Code<'v128'>, high: Code<'v128'> | null, offset: number): Statement
}

/** Integers minus their zero point, in 16 bits. */
export const inSixteenBits: Held = {
  bytes: 2,
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

/** Integers in 8 bits. The lowest byte stands for the least integer of the tensor. */
export const inBytesOf: Readonly<Record<ByteDomain, Held>> = {
  unsigned: inEightBits(0, 'v128.load8x8_u', 'i8x16.narrow_i16x8_u'),
  signed: inEightBits(-128, 'v128.load8x8_s', 'i8x16.narrow_i16x8_s'),
}
