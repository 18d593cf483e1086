import { MobileNetV2Error } from '@mobilenetv2/spec'

/** One line of a label file. */
export interface LabelLine {
  /** The path of the picture; null if the file has labels alone, one for each picture in the order of their names. */
  readonly file: string | null
  readonly label: string
}

/** A text that may stand in quotes, as in RFC 4180. */
function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text
}

/** The label at the start of what follows a file's name: up to the next separator, or all of it where a space was the separator. */
function labelAt(rest: string, separator: string): string {
  const field = /^"(?:[^"]|"")*"/.exec(rest)?.[0]
  if (field !== undefined) return unquoted(field)
  return (separator === '' ? rest : rest.split(separator, 1)[0]!).trim()
}

/**
 * Reads a label file: in each line the name of a picture and its label, with a comma, a semicolon, a tab or spaces between them; further
 * columns have no meaning here. Fields may stand in quotes. A first line that names no picture is taken for the names of the columns. A
 * file that names no picture at all has a label in each line.
 * @param extensions how the names of pictures end, in lower case, with the dot
 * @throws MobileNetV2Error `INPUT` if a line names no picture, though others do, or if the file is empty
 */
export function readLabelLines(text: string, extensions: readonly string[], where: string): LabelLine[] {
  const endings = extensions.map((extension) => extension.slice(1)).join('|')
  const row = new RegExp(`^("(?:[^"]|"")*\\.(?:${endings})"|[^"].*?\\.(?:${endings}))(?:\\s*([,;\\t])\\s*|\\s+)(\\S.*)$`, 'i')
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
  if (lines.length === 0) throw new MobileNetV2Error('INPUT', 'A label file is empty.', { where })
  const rows = lines.map(({ line, number }) => {
    const [, file, separator = '', rest] = row.exec(line) ?? []
    return file === undefined ? { line, number } : { file: unquoted(file), label: labelAt(rest!, separator) }
  })
  if (rows.every((each) => !('file' in each))) return lines.map(({ line }) => ({ file: null, label: labelAt(line, '') }))
  return rows.flatMap((each, index) => {
    if ('file' in each) return [each as LabelLine]
    if (index === 0) return []
    throw new MobileNetV2Error('INPUT', 'A line of a label file does not have a picture and its label.', {
      where: `${where}, line ${each.number}`,
      expected: 'a picture and its label, such as: photo-1.jpg,cat',
      got: each.line,
    })
  })
}
