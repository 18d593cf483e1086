import { factsOf } from '../registry.js'
import type { Report, Result, ScalingResult } from '../result.js'
import { bytes, count, milliseconds, multiplier, percent, ratio } from './format.js'
import { type Group, groupsOf } from './groups.js'
import { scaleEnd } from './scale.js'

const barWidth = 24
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of at most `barWidth` characters; an arrow ends the bar of a value beyond the scale. */
export function bar(value: number, full: number): string {
  if (value > full) return `${'█'.repeat(barWidth - 1)}▶`
  const parts = Math.round((value / full) * barWidth * eighths.length)
  return '█'.repeat(Math.floor(parts / eighths.length)) + (eighths[parts % eighths.length] ?? '')
}

const columns: readonly { readonly title: string; readonly cell: (result: Result) => string }[] = [
  { title: 'median', cell: ({ medianMs }) => milliseconds(medianMs) },
  { title: 'min', cell: ({ minMs }) => milliseconds(minMs) },
  { title: 'middle 80 %', cell: ({ lowMs, highMs }) => `${milliseconds(lowMs).replace(' ms', '')} – ${milliseconds(highMs)}` },
  { title: 'to first', cell: ({ ratioToFirst }) => ratio(ratioToFirst) },
  { title: 'of peak', cell: ({ peakShare }) => percent(peakShare) },
  { title: 'cold', cell: ({ coldMs }) => milliseconds(coldMs) },
  { title: 'download', cell: ({ downloadBytes }) => bytes(downloadBytes) },
  { title: 'memory', cell: ({ peakMemoryBytes }) => bytes(peakMemoryBytes) },
]

/** A contender's name, with a mark if it is a peer. */
function titleOf({ contender }: Result): string {
  return factsOf(contender).own === null ? `${contender} (peer)` : contender
}

function renderGroup({ title, results, peak }: Group): string {
  const ran = results.filter((result) => result.error === null)
  const rows = [
    ['', ...columns.map((column) => column.title)],
    ...ran.map((result) => [titleOf(result), ...columns.map(({ cell }) => cell(result))]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const full = scaleEnd(ran.map(({ medianMs }) => medianMs ?? 0))
  const lines = rows.map((cells, index) => {
    const text = cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')
    return `  ${text}  ${index === 0 ? '' : bar(ran[index - 1]!.medianMs ?? 0, full)}`.trimEnd()
  })
  return [
    `${title}${peak === null ? '' : `; peak of one thread: ${peak.gflops.toFixed(1)} GFLOP/s with ${peak.instruction}`}`,
    ...(ran.length > 0 ? lines : []),
    ...results.filter(({ error }) => error !== null).map(({ contender, error }) => `  ${contender}: ${error}`),
  ].join('\n')
}

/** For each point: milliseconds, and the time per multiply-add and thread as a multiple of the best of its series. */
function renderScaling(where: string, scaling: readonly ScalingResult[]): string[] {
  return [...new Set(scaling.map(({ point }) => point.series))].map((series) => {
    const own = scaling.filter(({ point }) => point.series === series)
    const costs = own.map(({ point, picoseconds }) => (picoseconds ?? Number.POSITIVE_INFINITY) * point.threads)
    const best = Math.min(...costs)
    const points = own.map(({ point, medianMs, error }, index) =>
      medianMs === null
        ? `${point[series]}: ${error}`
        : `${point[series]}: ${milliseconds(medianMs)} (${ratio(costs[index]! / best)})`,
    )
    return `  ${where}, ${series}  ${points.join('  ')}`
  })
}

/** The figures as text: one table for each place and number of threads. */
export function renderTables(report: Report): string {
  const { machine, results, weights, multiplyAdds, scaling } = report
  const { widthMultiplier, size, batch } = results[0] ?? { widthMultiplier: 1, size: 224, batch: 1 }
  const notes = new Map(results.flatMap(({ contender, note }) => (note === null ? [] : [[contender, note] as const])))
  return [
    `MobileNetV2 ${multiplier(widthMultiplier)}, ${size} x ${size}, batch ${batch}, ${weights} weights: ${(multiplyAdds / 1e6).toFixed(1)} M multiply-adds a picture`,
    `${machine.cpu}, ${count(machine.cores, 'core')}, ${machine.system}`,
    ...groupsOf(report).map((group) => `\n${renderGroup(group)}`),
    ...(scaling.length === 0
      ? []
      : [
          '\nScaling of wasm: milliseconds a run; in brackets: time per multiply-add and thread, relative to the best of its series',
        ]),
    ...[...new Set(scaling.map(({ where }) => where))].flatMap((where) =>
      renderScaling(
        machine.places[where] ?? where,
        scaling.filter((result) => result.where === where),
      ),
    ),
    ...(notes.size === 0 ? [] : ['']),
    ...[...notes].map(([contender, note]) => `${contender}: ${note}`),
  ].join('\n')
}
