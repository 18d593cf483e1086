import { expect, it } from 'vitest'
import { float16Bits } from '../src/index.js'

/** The value of the bits of a float16, by its definition. */
function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
}

it('float16 values become their own bits, and others those of the nearest, ties to even', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = float16Value(bits)
    if (Number.isNaN(value)) expect(Number.isNaN(float16Value(float16Bits(value)))).toBe(true)
    else if (float16Bits(value) !== bits) expect(`${bits}: ${float16Bits(value)}`).toBe('itself')
    const above = float16Value(bits + 1)
    if ((bits & 0x7fff) >= 0x7bff || Number.isNaN(above)) continue
    const even = bits % 2 === 0 ? bits : bits + 1
    for (const [share, expected] of [
      [0.25, bits],
      [0.5, even],
      [0.75, bits + 1],
    ] as const) {
      const between = value + (above - value) * share
      if (float16Bits(between) !== expected) expect(`${bits} + ${share}: ${float16Bits(between)}`).toBe(expected)
    }
  }
  expect(float16Bits(65519)).toBe(0x7bff)
  expect(float16Bits(65520)).toBe(0x7c00)
  expect(float16Bits(-1e9)).toBe(0xfc00)
})
