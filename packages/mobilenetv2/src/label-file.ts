import { MobileNetV2Error } from '@mobilenetv2/spec'

/** One line of a label file. */
export interface LabelLine {
  /** The path of the picture; null if the file has labels alone, one for each picture in the order of their names. */
  readonly file: string | null
  readonly label: string
}

/** Removes the quotes of a field, as RFC 4180 defines them. A field without quotes stays as it is. */
function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text
}

/** The label in the rest of a line, behind the file's name. It ends at the next separator; if spaces separate, it is all of the rest. */
function labelAt(rest: string, separator: string): string {
  const field = /^"(?:[^"]|"")*"/.exec(rest)?.[0]
  if (field !== undefined) return unquoted(field)
  return (separator === '' ? rest : rest.split(separator, 1)[0]!).trim()
}

/** Extensions of pictures that cannot be read here. A line with such a name names a picture too. */
const otherEndings = ['bmp', 'heic', 'heif', 'jxl', 'svg', 'tif', 'tiff']

function refuseLine(line: string, where: string, extensions: readonly string[]): never {
  throw new MobileNetV2Error('INPUT', 'A line of a label file does not have a picture and its label.', {
    where,
    expected: `a picture and its label, the picture first, such as: photo-1.jpg,cat (pictures end in ${extensions.join(', ')})`,
    got: line,
  })
}

/**
 * Reads a label file. Each line has the name of a picture and its label, with a comma, a semicolon, a tab or spaces between them; further
 * columns are ignored. Fields may be quoted. If the first line names no picture, it is taken as the header. If no line names a picture,
 * each line is a label.
 * @param extensions how the names of pictures end, in lower case, with the dot
 * @throws MobileNetV2Error `INPUT` if the file is empty; if a line names no picture, but others do; if a line names a picture that has no
 * label, comes after its label, or has a format that cannot be read
 */
export function readLabelLines(text: string, extensions: readonly string[], where: string): LabelLine[] {
  const read = extensions.map((extension) => extension.slice(1))
  const endings = read.join('|')
  const row = new RegExp(`^("(?:[^"]|"")*\\.(?:${endings})"|[^"].*?\\.(?:${endings}))(?:\\s*([,;\\t])\\s*|\\s+)(\\S.*)$`, 'i')
  const picture = new RegExp(`[^\\s,;]\\.(?:${[...read, ...otherEndings].join('|')})"?(?:[,;\\s]|$)`, 'i')
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
  if (lines.length === 0) {
    const remedy = 'Remove it, or write a picture and its label in each line.'
    throw new MobileNetV2Error('INPUT', 'A label file is empty.', { where, remedy })
  }
  const rows = lines.map(({ line, number }): LabelLine | string => {
    const [, file, separator = '', rest] = row.exec(line) ?? []
    // An unquoted name that contains the separator is really several columns, and the first of them is not a picture.
    const isRow = file !== undefined && (separator === '' || file.startsWith('"') || !file.includes(separator))
    if (isRow) return { file: unquoted(file), label: labelAt(rest!, separator) }
    if (picture.test(line)) refuseLine(line, `${where}, line ${number}`, extensions)
    return line
  })
  if (rows.every((each) => typeof each === 'string')) return rows.map((line) => ({ file: null, label: labelAt(line, '') }))
  return rows.flatMap((each, index) => {
    if (typeof each !== 'string') return [each]
    return index === 0 ? [] : refuseLine(each, `${where}, line ${lines[index]!.number}`, extensions)
  })
}
