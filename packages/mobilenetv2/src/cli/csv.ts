/**
 * One line of CSV as in RFC 4180, without the line break. A value with a comma, a quote or a line break is quoted, and its quotes are
 * doubled. That is all there is to writing CSV, so no library is used.
 */
export function csvLine(values: readonly (string | number)[]): string {
  return values
    .map(String)
    .map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
    .join(',')
}
