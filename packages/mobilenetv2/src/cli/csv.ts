import { printableBut } from './printable.js'

/** What a spreadsheet takes for a formula, also behind spaces and quotes. `-` alone is the standard input. */
const formula = /^(?!-$)["'\s]*[=+\-@＝＋－＠]|^[\t\r]/u

/**
 * A text as a field. An apostrophe before what looks like a formula makes it a text for a spreadsheet too. A field that could end too
 * early is quoted, and its quotes are doubled; some spreadsheets end a field at a semicolon or a tab.
 */
function textField(text: string): string {
  const plain = printableBut('\n\t', formula.test(text) ? `'${text}` : text)
  return /[",;\t\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/**
 * One line of CSV as in RFC 4180, without the line break. A text may have line breaks and tabs, which are quoted; other control characters
 * are escaped, as CSV is shown on terminals too. That is all there is to writing CSV, so no library is used.
 */
export function csvLine(values: readonly (string | number)[]): string {
  return values.map((value) => (typeof value === 'number' ? String(value) : textField(value))).join(',')
}
