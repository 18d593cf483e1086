import { damagedPickle } from './bytes.js'

/** Most digits of an integer. The time to read it grows with the square of their number. */
const mostDigits = 2000

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}

/** An integer as protocol 0 writes it, `12` or `12L`. `00` and `01` are False and True there. */
export function integerOfLine(line: string, truthValues: boolean): number | bigint | boolean {
  if (truthValues && (line === '00' || line === '01')) return line === '01'
  const digits = line.trim().replace(/L$/, '')
  if (!/^-?\d+$/.test(digits) || digits.length > mostDigits) return damagedPickle('a line is no integer', line.slice(0, 40))
  const small = Number(digits)
  return Number.isSafeInteger(small) ? small : BigInt(digits)
}

/** A number as protocol 0 writes it: Python's `repr`. */
export function floatOfLine(line: string): number {
  const text = line.trim()
  const named: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity, nan: NaN }
  const value = Object.hasOwn(named, text) ? named[text]! : text === '' ? NaN : Number(text)
  return Number.isNaN(value) && text !== 'nan' ? damagedPickle('a line is no number', text.slice(0, 40)) : value
}

/** The bytes that protocol 0 writes as Python 2's `repr` of a `str`, in quotes. */
export function bytesOfRepr(line: string): Uint8Array {
  const text = line.trim()
  const quote = text[0]
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote)) {
    return damagedPickle('a line is no text in quotes', text.slice(0, 40))
  }
  const plain = text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (whole, hex: string | undefined, letter: string | undefined) =>
      hex === undefined ? (escapes[letter ?? ''] ?? whole) : String.fromCharCode(Number.parseInt(hex, 16)),
    )
  return Uint8Array.from(plain, (character) => character.charCodeAt(0))
}

/** Python 2's `str`: text if it is all ASCII, else bytes, which may be text in UTF-8 or the values of an array. */
export function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  return bytes.every((byte) => byte < 0x80) ? new TextDecoder().decode(bytes) : bytes
}

/** How many bytes become characters at once. It is far below the most arguments that an engine takes. */
const step = 4096

/** A text as protocol 0 writes it: `raw-unicode-escape` of Python, a byte for each character below 256. */
export function textOfEscapes(line: Uint8Array): string {
  let text = ''
  for (let at = 0; at < line.length; at += step) text += String.fromCharCode(...line.subarray(at, at + step))
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short: string | undefined, long: string | undefined) => {
    if (short !== undefined) return String.fromCharCode(Number.parseInt(short, 16))
    const code = Number.parseInt(long ?? '', 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
  })
}
