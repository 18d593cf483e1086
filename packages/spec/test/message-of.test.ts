import { expect, test } from 'vitest'
import { messageOf } from '../src/index.js'

const refused = Object.assign(new Error(''), {
  code: 'ECONNREFUSED',
  errors: [new Error('connect ECONNREFUSED ::1:9'), new Error('connect ECONNREFUSED 127.0.0.1:9')],
})

test.each([
  ['a message', new Error('no'), 'no'],
  [
    'its cause',
    new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND a.test') }),
    'fetch failed: getaddrinfo ENOTFOUND a.test',
  ],
  ['a cause that says the same', new Error('no file', { cause: new Error('no file') }), 'no file'],
  ['a code alone', Object.assign(new Error(''), { code: 'E1' }), 'E1'],
  [
    'a failure at several addresses',
    new TypeError('fetch failed', { cause: refused }),
    'fetch failed: connect ECONNREFUSED ::1:9, connect ECONNREFUSED 127.0.0.1:9',
  ],
  ['several lines', new Error('one\n  two'), 'one two'],
  ['an error without words', new RangeError(), 'RangeError'],
  ['a text', 'no', 'no'],
  ['nothing', undefined, 'undefined'],
  ['a long message', new Error('x'.repeat(1e6)), `${'x'.repeat(150)}…${'x'.repeat(150)}`],
  ['a long message of spaces', new Error(`a${' '.repeat(1e6)}\n`), `a${' '.repeat(149)}…${' '.repeat(150)}`],
])('%s', (_, error, text) => expect(messageOf(error)).toBe(text))

test('causes in a circle end', () => {
  const one = new Error('one')
  one.cause = new Error('two', { cause: one })
  expect(messageOf(one)).toBe('one: two')
})
