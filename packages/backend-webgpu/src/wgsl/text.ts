/** `count` pieces of text, one a line. */
export function repeat(count: number, piece: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => piece(index)).join(separator)
}

/** Text with every line but the first moved right, to stand inside of a template at that depth. */
export function indent(depth: number, text: string): string {
  return text.replaceAll('\n', `\n${' '.repeat(depth)}`)
}

/** A sum of numbers and names, without the terms that are zero; a factor of 1 is left out. */
export function plus(name: string, times: number, factor = ''): string {
  if (times === 0) return name
  if (factor === '') return `${name} + ${times}u`
  return times === 1 ? `${name} + ${factor}` : `${name} + ${times}u * ${factor}`
}
