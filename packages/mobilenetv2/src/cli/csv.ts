/**
 * One line of CSV as in RFC 4180, without the line break: what has a comma, a quote or a line break in it is quoted, and its quotes
 * are doubled. There is no more to writing it, so that a library would be all options.
 */
export function csvLine(values: readonly (string | number)[]): string {
  return values
    .map(String)
    .map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
    .join(',')
}
