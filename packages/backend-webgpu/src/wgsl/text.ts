/** Joins `count` pieces of text, one on each line unless `separator` is given. */
export function repeat(count: number, piece: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => piece(index)).join(separator)
}

/** Indents every line but the first, so that the text can stand in a template at that depth. */
export function indent(depth: number, text: string): string {
  return text.replaceAll('\n', `\n${' '.repeat(depth)}`)
}

/** The WGSL of `name + times * factor`. A term of zero and a factor of 1 are left out. */
export function plus(name: string, times: number, factor = ''): string {
  if (times === 0) return name
  if (factor === '') return `${name} + ${times}u`
  return times === 1 ? `${name} + ${factor}` : `${name} + ${times}u * ${factor}`
}
