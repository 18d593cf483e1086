import type { PlainValue } from '../checkpoint.js'
import { type Budget, bytesPerValue } from '../formats/budget.js'

const token = /\s*(?:(-?\d+(?:\.\d+)?)|[uUbBrR]?'((?:[^'\\]|\\.)*)'|[uUbBrR]?"((?:[^"\\]|\\.)*)"|([{}[\](),:]))/y

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function unescaped(text: string): string {
  return text.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|.)/gs, (_, code: string) =>
    code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (escapes[code] ?? code),
  )
}

/** A number, a text, or the punctuation between them. */
type Token = { readonly value: number | string } | { readonly mark: string }

/** The tokens of a text; null if a character belongs to none of them. White space may come before a token, and not at the end. */
function tokensOf(text: string, budget: Budget): Token[] | null {
  const tokens: Token[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const found = token.exec(text)
    if (found === null) return null
    budget.items(1, 'the parts of a text')
    budget.take(2 * bytesPerValue, 'the parts of a text')
    const [, number, single, double, mark] = found
    const quoted = single ?? double
    tokens.push(mark !== undefined ? { mark } : { value: quoted === undefined ? Number(number) : unescaped(quoted) })
  }
  return tokens
}

const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' }

/**
 * Reads a dictionary, list or tuple of texts and numbers as Python prints it: `{0: 'cat', 1: 'dog'}`. Programs write labels into the
 * metadata of ONNX in this form. Null if the text is something else, or is nested.
 * @throws CheckpointError if it has more values than `budget` allows
 */
export function readPythonLiteral(text: string, budget: Budget): PlainValue {
  const tokens = tokensOf(text.trimEnd(), budget)
  const first = tokens?.[0]
  const last = tokens?.at(-1)
  if (!tokens || !first || !last || !('mark' in first) || !('mark' in last) || closing[first.mark] !== last.mark) return null
  const rows: Token[][] = [[]]
  for (const each of tokens.slice(1, -1)) {
    if ('mark' in each && each.mark === ',') rows.push([])
    else rows.at(-1)!.push(each)
  }
  if (rows.at(-1)!.length === 0) rows.pop()
  if (first.mark !== '{') {
    const values = rows.map((row) => (row.length === 1 && row[0] && 'value' in row[0] ? row[0].value : null))
    return values.includes(null) ? null : values
  }
  const entries = rows.map(([key, colon, value, more]) =>
    key && 'value' in key && colon && 'mark' in colon && colon.mark === ':' && value && 'value' in value && !more
      ? ([String(key.value), value.value] as const)
      : null,
  )
  return entries.includes(null) ? null : Object.fromEntries(entries.filter((entry) => entry !== null))
}
