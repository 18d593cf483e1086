import { printableBut } from './printable.js'

/** Text that a spreadsheet takes for a formula, even behind spaces and quotes. A single `-` is none: it names the standard input. */
const formula = /^(?!-$)["'\s]*[=+\-@＝＋－＠]|^[\t\r]/u

/**
 * A text as a field. Before a text that looks like a formula comes an apostrophe, so that a spreadsheet takes it as text. A field with a
 * separator, a quote or a line break is quoted, and its quotes are doubled. Some spreadsheets also separate at semicolons or tabs.
 */
function textField(text: string): string {
  const plain = printableBut('\n\t', formula.test(text) ? `'${text}` : text)
  return /[",;\t\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/**
 * One line of CSV (RFC 4180), without the line break. Line breaks and tabs in a text are kept in quotes. Other control characters are
 * escaped, because CSV is shown on terminals too.
 */
export function csvLine(values: readonly (string | number)[]): string {
  return values.map((value) => (typeof value === 'number' ? String(value) : textField(value))).join(',')
}
