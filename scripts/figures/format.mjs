// How figures are written in Markdown.

/** A row of a table. */
function row(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`.replace(/\| {2}(?=\|)/g, '| ')
}

/** A table whose first column is text, and all others numbers. */
export function table(titles, rows) {
  return [row(titles), row(titles.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n')
}

export function milliseconds(value) {
  return value === null ? '' : value.toFixed(value < 100 ? 1 : 0)
}

/** A size in bytes with SI prefixes: 1 KB is 1000 bytes. */
export function size(bytes) {
  if (bytes === null) return ''
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`
}

export function percent(share) {
  return share === null ? '' : `${Math.round(share * 100)} %`
}

/** A processor's name without trade marks. */
export function processor(name) {
  return name
    .replace(/\((R|TM)\)/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/**
 * The warning before figures of a trial run, which should not be quoted; empty for other figures.
 * @param isShort whether the run had too few rounds or photos
 * @param loadBefore the tasks that wanted a core before the bench began
 */
export function caution(isShort, loadBefore, cores) {
  const isBusy = loadBefore >= cores
  if (!isShort && !isBusy) return ''
  return `**A trial${isBusy ? ' beside other work' : ''}, whose figures say nothing.** `
}

export const round = (value, digits = 2) => (value === null ? null : Number(value.toFixed(digits)))
