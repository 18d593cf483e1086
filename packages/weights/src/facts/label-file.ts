import { plainJson, recordOf } from './plain.js'
import { inOrder, labelsOf, labelsWithin, type NamedLabels } from './plain-labels.js'

/** ImageNet's 21,841 classes take 0.6 MB. */
export const longestDescription: number = 4 * 1024 * 1024

const numbered = /^\s*(\d+)(?:\s*[:;,.)=]\s*|\s+)(\S.*)$/

/** Lines that each start with their number from 0 on, such as `0 manga` or `0: manga`, without it. */
function withoutNumbers(lines: readonly string[]): readonly string[] {
  const entries = lines.flatMap((line) => {
    const [, number, label] = numbered.exec(line) ?? []
    return label === undefined ? [] : [[Number(number), label] as const]
  })
  return (entries.length === lines.length ? inOrder(entries) : null) ?? lines
}

/** The labels of a text with one in each line. */
function labelLines(text: string): readonly string[] | null {
  const lines = text.split(/\r\n|[\r\n]/)
  while (lines.at(-1)?.trim() === '') lines.pop()
  // A server's page in place of a file, or no text at all.
  if (lines.length === 0 || lines[0]!.trimStart().startsWith('<') || text.includes('\0')) return null
  return withoutNumbers(lines)
}

/**
 * The labels in a file: a text with one in each line, with or without their numbers, or JSON with an array, an object of index to name or
 * of name to index, or one of these as a member. None if there are none.
 */
export function labelsOfFile(bytes: Uint8Array): readonly NamedLabels[] {
  if (bytes.length > longestDescription) return []
  const text = new TextDecoder().decode(bytes)
  if (/^\s*[{[]/.test(text)) {
    const value = plainJson(text)
    const whole = labelsOf(value)
    if (whole !== null) return [{ path: '', labels: whole }]
    const record = recordOf(value)
    return record === null ? [] : labelsWithin(record)
  }
  const labels = labelLines(text)
  return labels === null ? [] : [{ path: '', labels }]
}
