import { expect, it } from 'vitest'
import {
  checkOptionNames,
  choiceOption,
  integerOption,
  positiveOption,
  refuseOption,
  signalOption,
  typeOption,
} from '../src/check-options.js'
import { type ErrorDetails, MobileNetV2Error } from '../src/errors.js'

function errorOf(check: () => unknown): Pick<MobileNetV2Error, 'code' | 'message'> & ErrorDetails {
  try {
    check()
  } catch (error) {
    if (error instanceof MobileNetV2Error) return { code: error.code, message: error.message, ...error.details }
    throw error
  }
  return expect.unreachable()
}

const itself: { self?: unknown } = {}
itself.self = itself

it.each<[value: unknown, got: string]>([
  [Number.NaN, 'NaN'],
  ['a "text"', '"a \\"text\\""'],
  [undefined, 'undefined'],
  [1n, 'bigint'],
  [itself, 'object'],
  ['x'.repeat(300), `"${'x'.repeat(199)}…`],
])('shows a refused value in few letters', (value, got) => {
  expect(errorOf(() => refuseOption('size', value, 'a size'))).toMatchObject({
    code: 'OPTION',
    where: 'option size',
    expected: 'a size',
    got,
  })
})

it('gives the error another code', () => {
  expect(errorOf(() => refuseOption('outputs', 'x', 'logits', 'INPUT')).code).toBe('INPUT')
})

it('refuses options that are no object, and names that it does not know', () => {
  checkOptionNames({ a: 1 }, ['a', 'b'])
  for (const options of [null, [], 'text'] as unknown as object[]) {
    expect(errorOf(() => checkOptionNames(options, ['a'])).message).toContain('must be an object')
  }
  expect(errorOf(() => checkOptionNames({ c: 1 }, ['a', 'b']))).toMatchObject({ where: 'option c', expected: 'only a, b' })
  expect(errorOf(() => checkOptionNames({ c: 1 }, [])).expected).toBe('no options')
})

it('takes numbers in their range, with its ends', () => {
  expect([integerOption('n', 1, 1, 3), integerOption('n', 3, 1, 3)]).toEqual([1, 3])
  for (const value of [0, 4, 1.5, Number.NaN])
    expect(errorOf(() => integerOption('n', value, 1, 3)).expected).toBe('an integer from 1 to 3')
  expect([positiveOption('x', 1e-9, 8), positiveOption('x', 8, 8)]).toEqual([1e-9, 8])
  for (const value of [0, -1, 8.1, Number.NaN])
    expect(errorOf(() => positiveOption('x', value, 8)).expected).toBe('a number above 0, at most 8')
})

it('takes one of several texts', () => {
  expect(choiceOption('format', 'b', ['a', 'b'])).toBe('b')
  expect(errorOf(() => choiceOption('format', 'c', ['a', 'b']))).toMatchObject({ expected: 'one of a, b', got: '"c"' })
})

it('takes a missing value, or one of its type', () => {
  typeOption('progress', undefined, 'function')
  typeOption('progress', () => {}, 'function')
  expect(errorOf(() => typeOption('progress', true, 'function')).expected).toBe('a function')
})

it('takes a signal of any realm', () => {
  signalOption(undefined)
  signalOption(AbortSignal.timeout(1000))
  signalOption({ throwIfAborted: () => {} })
  for (const value of [null, true, {}]) expect(errorOf(() => signalOption(value)).expected).toBe('an AbortSignal')
})
