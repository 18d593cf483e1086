import { type Budget, longestDescription } from '../formats/budget.js'
import { countParts } from '../formats/count-parts.js'
import { plainJson, recordOf } from './plain.js'
import { inOrder, labelsOf, labelsWithin, type NamedLabels } from './plain-labels.js'
import { readPythonLiteral } from './python-literal.js'

const numbered = /^\s*(\d+)(?:\s*[:;,.)=]\s*|\s+)(\S.*)$/

/** The lines without their numbers, if each has one, counted from 0: `0 manga` or `0: manga`. Else the lines themselves. */
function withoutNumbers(lines: readonly string[]): readonly string[] {
  const entries = lines.flatMap((line) => {
    const [, number, label] = numbered.exec(line) ?? []
    return label === undefined ? [] : [[Number(number), label] as const]
  })
  return (entries.length === lines.length ? inOrder(entries) : null) ?? lines
}

/** Text in UTF-8, or in UTF-16 if it begins with a byte order mark, as files of Windows PowerShell do. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

/** The labels of a text with one in each line. */
function labelLines(text: string, budget: Budget): readonly string[] | null {
  countParts(text, '\r\n', budget)
  const lines = text.split(/\r\n|[\r\n]/).map((line) => line.trim())
  while (lines.at(-1) === '') lines.pop()
  // The file is empty, a web page, or not a text.
  if (lines.length === 0 || text.trimStart().startsWith('<') || text.includes('\0')) return null
  return withoutNumbers(lines)
}

/**
 * The lists of labels in a file. A text has a label in each line, with or without its number. JSON has an array of labels, an object of
 * index to label or of label to index, or such lists as members.
 * @throws CheckpointError if there are more labels than `budget` allows
 */
export function labelsOfFile(bytes: Uint8Array, budget: Budget): readonly NamedLabels[] {
  if (bytes.length > longestDescription) return []
  const text = decodeText(bytes)
  if (/^\s*[{[]/.test(text)) {
    const value = plainJson(text, budget) ?? readPythonLiteral(text, budget)
    const whole = labelsOf(value, budget)
    if (whole !== null) return [{ path: '', labels: whole }]
    const record = recordOf(value)
    return record === null ? [] : labelsWithin(record, budget)
  }
  const labels = labelLines(text, budget)
  return labels === null ? [] : [{ path: '', labels }]
}
