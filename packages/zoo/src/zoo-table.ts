import { zooCosts, zooEntries } from './entries.js'
import type { Accuracy, ModelLocation, ZooEntry } from './entry.js'

const none = '–'

function millions(value: number, digits: number): string {
  return `${(value / 1e6).toFixed(digits)} M`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function percents(accuracy: Accuracy | null): string {
  if (accuracy === null) return none
  const { top1, top5 } = accuracy
  return top5 === null ? String(top1) : `${top1} / ${top5}`
}

function sourceOf(location: ModelLocation): string {
  if (location.kind === 'npm') return `npm ${location.package}`
  return location.urls.map((url) => new URL(url).host).join(', ')
}

function hashOf(location: ModelLocation): string {
  if (location.kind === 'npm') return none
  const { sha256 } = location
  if (sha256 === null) return 'taken at the first download'
  return sha256.length === 64 ? 'known' : `first ${sha256.length} digits`
}

function cellsOf(entry: ZooEntry): readonly string[] {
  const { id, publisher, note, location, licence, options, weights, published, measured } = entry
  const { parameters, multiplyAdds, weightBytes } = zooCosts(entry)
  const { widthMultiplier = 1, height = 224, width = 224 } = options
  const bytes = location.kind === 'file' ? location.bytes : null
  return [
    `\`${id}\``,
    note === undefined ? publisher : `${publisher}: ${note}`,
    String(widthMultiplier),
    `${height} x ${width}`,
    millions(parameters, 2),
    millions(multiplyAdds, 0),
    weights,
    bytes === null ? `≈ ${megabytes(weightBytes)}` : megabytes(bytes),
    percents(published),
    percents(measured),
    licence,
    sourceOf(location),
    hashOf(location),
  ]
}

const columns = [
  'id',
  'published by',
  'width',
  'input',
  'parameters',
  'multiply-adds',
  'weights',
  'file',
  'top-1 / top-5, published (%)',
  'top-1 / top-5, measured here (%)',
  'licence',
  'downloaded from',
  'SHA-256',
]

/**
 * The zoo as a table in Markdown, with a line for each model. Parameters, multiply-adds and sizes with `≈` are computed from the options.
 * @throws MobileNetV2Error `OPTION` if an entry of the zoo had options that are not allowed, which a test rules out
 * @example
 * ```ts
 * import { zooTable } from '@mobilenetv2/zoo'
 *
 * console.log(zooTable())
 * ```
 */
export function zooTable(): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...zooEntries.map((entry) => line(cellsOf(entry)))].join('\n')
}
