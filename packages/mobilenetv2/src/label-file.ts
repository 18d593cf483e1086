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

/** The endings of pictures that are not read here, for telling that a line names one. */
const otherEndings = ['bmp', 'heic', 'heif', 'jxl', 'svg', 'tif', 'tiff']

function refuseLine(line: string, where: string, extensions: readonly string[]): never {
  throw new MobileNetV2Error('INPUT', 'A line of a label file does not have a picture and its label.', {
    where,
    expected: `a picture and its label, the picture first, such as: photo-1.jpg,cat (pictures end in ${extensions.join(', ')})`,
    got: line,
  })
}

/**
 * Reads a label file: in each line the name of a picture and its label, with a comma, a semicolon, a tab or spaces between them; further
 * columns have no meaning here. Fields may stand in quotes. A first line that names no picture is taken for the names of the columns. A
 * file that names no picture at all has a label in each line.
 * @param extensions how the names of pictures end, in lower case, with the dot
 * @throws MobileNetV2Error `INPUT` if a line names no picture, though others do; if a line names a picture that has no label, stands after
 * its label or is of a format that is not read; if the file is empty
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
    // A name that has the separator in it and no quotes is several columns, of which the first is no picture.
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
