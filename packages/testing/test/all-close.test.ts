import { describe, expect, it } from 'vitest'
import { expectAllClose, toBeAllClose } from '../src/all-close.js'

const passes = (...values: Parameters<typeof toBeAllClose>): boolean => toBeAllClose(...values).pass

describe('toBeAllClose', () => {
  it('passes up to the tolerance and not beyond it', () => {
    expect(passes([1, 2.5], [1, 2], { absolute: 0.5 })).toBe(true)
    expect(passes([1, 2.5], [1, 2], { absolute: 0.49 })).toBe(false)
    expect(passes([1, 2], [1, 2], {})).toBe(true)
    expect(passes([], [], {})).toBe(true)
  })

  it('measures the relative tolerance against the largest absolute expected value', () => {
    expect(passes([0.9, -100], [0, -100], { relative: 0.01 })).toBe(true)
    expect(passes([1.1, -100], [0, -100], { relative: 0.01 })).toBe(false)
    expect(passes([1.1, -100], [0, -100], { relative: 0.01, absolute: 0.1 })).toBe(true)
  })

  it.each([
    [[NaN], [0]],
    [[0], [NaN]],
    [[Infinity], [0]],
    [[0], [Infinity]],
    [[Infinity], [-Infinity]],
    [[NaN], [Infinity]],
    [
      [1, NaN],
      [Infinity, NaN],
    ],
  ])('fails on %j (null stands for NaN and the infinities) against %j, however wide the tolerance', (actual, expected) => {
    expect(passes(actual, expected, { absolute: 1e300, relative: 1 })).toBe(false)
  })

  it('takes the same NaN or infinity on both sides as equal, and does not measure by it', () => {
    expect(passes([NaN, Infinity], [NaN, Infinity], {})).toBe(true)
    expect(passes([2, Infinity], [1, Infinity], { relative: 0.5 })).toBe(false)
  })

  it('fails on another length', () => {
    expect(passes([1], [1, 1], { absolute: 9 })).toBe(false)
    expect(toBeAllClose([1], [1, 1], {}).message()).toContain('expected 2 values, got 1')
  })

  it('refuses a tolerance that is negative or not a number', () => {
    expect(() => toBeAllClose([1], [1], { relative: -1 })).toThrow(RangeError)
    expect(() => toBeAllClose([1], [1], { absolute: NaN })).toThrow(RangeError)
  })
})

describe('expectAllClose', () => {
  it('says the largest difference, its index, both values and the tolerance', () => {
    const compare = () => expectAllClose([1, 5, 3.5], [1, 3, 3], { relative: 0.25, absolute: 0.25 })
    expect(compare).toThrow('largest difference of 3 values: 2 at index 1')
    expect(compare).toThrow('expected: 3\n  got: 5')
    expect(compare).toThrow('tolerance: 1 (absolute 0.25 + relative 0.25 x largest expected value 3)')
    expect(() => expectAllClose([1], [1], {})).not.toThrow()
  })
})
