import { describe, expect, it } from 'vitest'
import { checkOptionNames, errorCodes, MobileNetV2Error, refuseOption } from '../src/index.js'

describe('MobileNetV2Error', () => {
  it('says all of its details in its message, each on a line, and leaves out what is not known', () => {
    const cause = new Error('disk')
    const error = new MobileNetV2Error('SOURCE', 'It is not there.', {
      where: 'model.onnx',
      got: undefined,
      remedy: 'Look.',
      cause,
    })
    expect(error.message).toBe('It is not there.\n  where: model.onnx\n  what to do: Look.')
    expect(error).toMatchObject({ name: 'MobileNetV2Error', code: 'SOURCE', cause })
    expect(error).toBeInstanceOf(Error)
  })

  it('has a code, whose meaning and remedy are one sentence each', () => {
    for (const { meaning, remedy } of Object.values(errorCodes))
      for (const sentence of [meaning, remedy]) expect(sentence).toMatch(/^[A-Z`].*\.$/)
  })
})

describe('an option', () => {
  const holdsItself: Record<string, unknown> = {}
  holdsItself.self = holdsItself

  it.each([
    [NaN, 'NaN'],
    ['2', '"2"'],
    [undefined, 'undefined'],
    [2n, 'bigint'],
    [holdsItself, 'object'],
    ['x'.repeat(1000), `"${'x'.repeat(199)}…`],
  ])('of any value can be refused', (value, got) => {
    const refuse = () => refuseOption('threads', value, 'an integer')
    expect(refuse).toThrow(
      expect.objectContaining({ code: 'OPTION', details: { where: 'option threads', expected: 'an integer', got } }),
    )
  })

  it.each([[null], ['fast'], [['fast']]])('must stand in an object, not in %j', (options) => {
    expect(() => checkOptionNames(options as object, ['fast'])).toThrow(expect.objectContaining({ code: 'OPTION' }))
  })
})
