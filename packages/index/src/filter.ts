/** Which pictures a query is about. In both patterns `*` stands for any characters. */
export interface Filter {
  /** A pattern for the whole path or address, such as `*.png` or `/photos/2024/*`. */
  readonly path?: string | undefined
  /** A pattern for the whole label, such as `*terrier`. */
  readonly label?: string | undefined
}

/** A text in an expression of SQL. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

function matches(column: string, pattern: string): string {
  if (!pattern.includes('*')) return `${column} = ${quoted(pattern)}`
  const escaped = pattern.replaceAll(/[\\%_]/g, '\\$&')
  return `${column} LIKE ${quoted(escaped.replaceAll('*', '%'))}`
}

/** The pictures with an embedding that a filter lets through, as an expression of SQL. */
export function sqlOf({ path, label }: Filter): string {
  return ['problem IS NULL', path === undefined ? [] : matches('path', path), label === undefined ? [] : matches('label', label)]
    .flat()
    .join(' AND ')
}

/** The rows of some paths, as an expression of SQL. */
export const isOneOf = (paths: readonly string[]): string => `path IN (${paths.map(quoted).join(', ')})`
