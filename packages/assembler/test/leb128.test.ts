import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signed, unsigned } from '../src/leb128.js'

const numbers = (text: string): number[] => [...text].map((character) => character.charCodeAt(0))

/** Decodes by the definition: 7 bits a byte, the lowest first. */
function decode(bytes: string): bigint {
  return numbers(bytes).reduce((value, byte, index) => value | (BigInt(byte & 0x7f) << BigInt(7 * index)), 0n)
}

function isWellFormed(bytes: string): boolean {
  return bytes.length <= 5 && numbers(bytes).every((byte, index) => byte >= 0x80 === index < bytes.length - 1 && byte <= 0xff)
}

describe('LEB128', () => {
  it('is as in the examples of the DWARF standard, section 7.6', () => {
    expect([2, 127, 128, 129, 12857].map((value) => numbers(unsigned(value)))).toEqual([
      [2],
      [127],
      [0x80, 1],
      [0x81, 1],
      [0xb9, 0x64],
    ])
    expect([2, -2, 127, -127, 128, -128].map((value) => numbers(signed(value)))).toEqual([
      [2],
      [0x7e],
      [0xff, 0],
      [0x81, 0x7f],
      [0x80, 1],
      [0x80, 0x7f],
    ])
  })

  it('gives every unsigned 32-bit integer back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        expect(isWellFormed(unsigned(value))).toBe(true)
        expect(decode(unsigned(value))).toBe(BigInt(value))
      }),
    )
  })

  it('gives the low 32 bits of every integer back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }), (value) => {
        const bytes = signed(value)
        expect(isWellFormed(bytes)).toBe(true)
        expect(BigInt.asIntN(7 * bytes.length, decode(bytes))).toBe(BigInt(value | 0))
      }),
    )
  })
})
