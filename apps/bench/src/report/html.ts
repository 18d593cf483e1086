import type { Report, Result } from '../result.js'
import { bytes, count, milliseconds, multiplier, percent, ratio } from './format.js'
import { groupsOf } from './groups.js'
import { profileSection } from './profile-section.js'
import { scalingSection } from './scaling-section.js'
import { coldSection, downloadSection, latencySection, memorySection } from './sections.js'
import { styleSheet } from './style.js'
import { element, escapeText } from './svg.js'
import { tilesOf } from './tiles.js'

const columns: readonly { readonly title: string; readonly cell: (result: Result) => string }[] = [
  { title: 'contender', cell: ({ contender }) => contender },
  { title: 'median', cell: ({ medianMs }) => milliseconds(medianMs) },
  { title: 'fastest', cell: ({ minMs }) => milliseconds(minMs) },
  { title: 'middle 80 %', cell: ({ lowMs, highMs }) => `${milliseconds(lowMs)} to ${milliseconds(highMs)}` },
  { title: 'to first', cell: ({ ratioToFirst }) => ratio(ratioToFirst) },
  { title: 'of peak', cell: ({ peakShare }) => percent(peakShare) },
  { title: 'cold', cell: ({ coldMs }) => milliseconds(coldMs) },
  { title: 'download', cell: ({ downloadBytes }) => bytes(downloadBytes) },
  { title: 'memory', cell: ({ peakMemoryBytes }) => bytes(peakMemoryBytes) },
  { title: 'runs', cell: ({ runs }) => String(runs) },
]

function row(result: Result): string {
  if (result.error !== null) {
    const reason = element('td', { colspan: columns.length - 1, class: 'error' }, escapeText(result.error))
    return element('tr', {}, element('td', {}, escapeText(result.contender)), reason)
  }
  const device = result.device === null ? '' : element('small', {}, escapeText(result.device))
  return element(
    'tr',
    {},
    ...columns.map(({ cell }, index) => element('td', {}, escapeText(cell(result)), index === 0 ? device : '')),
  )
}

function tables(report: Report): string {
  const groups = groupsOf(report).map(({ title, results, peak }) => {
    const caption =
      peak === null ? title : `${title}; peak of one thread: ${peak.gflops.toFixed(1)} GFLOP/s with ${peak.instruction}`
    const head = element('tr', {}, ...columns.map((column) => element('th', {}, escapeText(column.title))))
    const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...results.map(row)))
    return element('figure', {}, element('figcaption', {}, escapeText(caption)), element('div', { class: 'scroll' }, table))
  })
  const notes = new Map(report.results.flatMap(({ contender, note }) => (note === null ? [] : [[contender, note] as const])))
  return element(
    'section',
    {},
    element('h2', {}, 'All figures'),
    ...groups,
    ...[...notes].map(([contender, note]) => element('p', {}, escapeText(`${contender}: ${note}.`))),
  )
}

function header({ results, machine, multiplyAdds, weights, date }: Report): string {
  const { widthMultiplier, size, batch } = results[0] ?? { widthMultiplier: 1, size: 224, batch: 1 }
  const network = `${size} × ${size}, ${count(batch, 'picture')} a run, float32, ${weights} weights, ${(multiplyAdds / 1e6).toFixed(1)} M multiply-adds a picture`
  const places = Object.values(machine.places).join(', ')
  const system = `${machine.cpu}, ${count(machine.cores, 'core')}, ${bytes(machine.memoryBytes)}; ${machine.system}; ${places}; ${date.slice(0, 16).replace('T', ' ')} UTC`
  return element(
    'header',
    {},
    element('h1', {}, escapeText(`MobileNetV2 ${multiplier(widthMultiplier)} in JavaScript`)),
    element('p', {}, escapeText(network)),
    element('p', {}, escapeText(system)),
  )
}

/** The report as one page that loads nothing: no script, no font, no picture. */
export function renderHtml(report: Report): string {
  const body = element(
    'main',
    {},
    header(report),
    tilesOf(report),
    latencySection(report),
    coldSection(report),
    downloadSection(report),
    memorySection(report),
    profileSection(report),
    scalingSection(report),
    tables(report),
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>MobileNetV2 in JavaScript: the bench</title>
<style>${styleSheet}</style>
</head>
<body>${body}</body>
</html>
`
}
