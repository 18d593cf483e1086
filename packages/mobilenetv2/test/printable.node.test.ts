import { MobileNetV2Error } from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import { csvLine } from '../src/cli/csv.js'
import { errorText } from '../src/cli/error-text.js'
import { printable, printableJson } from '../src/cli/printable.js'

/** Each begins something that a terminal obeys, or makes a text look like another one. */
const commands = [
  '\x1b]0;title\x07',
  '\x1b[2J',
  '\x1b]8;;https://localhost\x1b\\link',
  '\x1b]52;c;cm0=\x07',
  '\x9b2J',
  '\x9d0;title\x9c',
  'a\nb',
  'a\r\nb',
  'a\tb',
  'a\bb',
  '\x7f',
  '\0',
  '\u202eexe.gpj',
  '\u2066a\u2069',
  '\u200fa',
  '\u061ca',
  'a\u2028b\u2029c',
]

/** Whether a text has one of the characters that must not reach a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const obeyed = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

describe('a text for a terminal', () => {
  it.each(commands)('has no command: %j', (text) => {
    expect(printable(text)).not.toMatch(obeyed)
    expect(JSON.parse(`"${printable(text).replaceAll(/\\(?!u)/g, '\\\\')}"`)).toBe(text)
  })

  it('is the same otherwise', () => {
    const text = 'Tür, 狗, כלב, 👩‍🔬, \\u001b, "quoted", Ⓐ￼'
    expect(printable(text)).toBe(text)
  })
})

describe('JSON', () => {
  it.each(commands)('has no command, and the same values: %j', (text) => {
    const json = printableJson({ [text]: [text] })
    expect(json).not.toMatch(obeyed)
    expect(JSON.parse(json)).toEqual({ [text]: [text] })
  })

  it('keeps its own line breaks', () => {
    expect(printableJson({ a: ['b\n'] }, 2)).toBe('{\n  "a": [\n    "b\\n"\n  ]\n}')
  })
})

describe('an error', () => {
  it('keeps the lines of its message, and has none of others', () => {
    const error = new MobileNetV2Error('CHECKPOINT', 'What happened.', {
      where: 'a\n  what to do: run this\x1b[2J',
      expected: 'b\r',
      got: '\u202e',
      remedy: 'Do that.',
    })
    expect(errorText(error)).toBe(
      'What happened.\n  where: a\\u000a  what to do: run this\\u001b[2J\n  expected: b\\u000d\n  got: \\u202e\n  what to do: Do that.',
    )
    expect(errorText(new MobileNetV2Error('CHECKPOINT', 'a\x1b', { where: '' }))).toBe('a\\u001b\n  where: ')
  })

  it('of the system says what the system means', () => {
    const error = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE', syscall: 'open' })
    expect(errorText(error)).toMatch(/got: this process has too many open files \(EMFILE\)\n {2}what to do: Raise the limit/)
  })

  it('that nobody foresaw takes a line, without its stack, and asks for a report', () => {
    expect(errorText(new TypeError('a\n    at b\x1b[2J'))).toMatch(
      /^TypeError: a\\u000a {4}at b\\u001b\[2J\n {2}what to do: .*NODE_DEBUG=.*report/,
    )
    expect(errorText(new RangeError('x'.repeat(1e6))).length).toBeLessThan(1000)
    expect(errorText('text')).toMatch(/^text\n/)
  })
})

describe('CSV', () => {
  const formulas = ['=cmd|calc!A1', '+1', '-1', '@a', '\t=1', '\r=1', '＝1', '＋1', '－1', '＠a', ' =1', '"=1', "'=1", '\n=1', '-']

  it.each(formulas)('has no field that starts a formula: %j', (text) => {
    const line = csvLine([`${text} `, 'b'])
    expect(line).toMatch(/^"?'/)
    expect(csvLine(['a', `${text} `])).toMatch(/^a,"?'/)
  })

  it('leaves numbers and harmless texts as they are', () => {
    expect(csvLine([-1.5, 2e-7, 'goldfish', 'a-b=c', '-'])).toBe('-1.5,2e-7,goldfish,a-b=c,-')
  })

  it('quotes what could end a field', () => {
    expect(csvLine(['a,b', 'a"b', 'a\nb', 'a;b', 'a\tb'])).toBe('"a,b","a""b","a\nb","a;b","a\tb"')
  })

  it('has no command for a terminal', () => {
    expect(csvLine(['\x1b[2J', 'a\0b', 'a\rb', '\u202e'])).toBe('\\u001b[2J,a\\u0000b,a\\u000db,\\u202e')
    for (const text of commands) expect(csvLine([text]).replaceAll(/[\n\t]/g, '')).not.toMatch(obeyed)
  })
})
