import { factsOf } from '../registry.js'
import type { Report, Result } from '../result.js'
import { type Bar, barChart } from './bar-chart.js'
import { bytes, count, milliseconds, percent, ratio } from './format.js'
import { type Group, groupsOf } from './groups.js'
import { figure, legend, section } from './layout.js'
import { scaleEnd } from './scale.js'

function tone({ contender }: Result, part: 'main' | 'second' = 'main'): string {
  return `${factsOf(contender).own === null ? 'peer' : 'own'}${part === 'second' ? '-second' : ''}`
}

/** The largest value that a bar or its line reaches. */
function extentOf({ parts, range }: Bar): number {
  return Math.max(
    range?.[1] ?? 0,
    parts.reduce((sum, { value }) => sum + value, 0),
  )
}

/** One chart for each group of results that ran together. Results without the figure are left out. */
function groupCharts(groups: readonly Group[], label: string, draw: (result: Result) => Bar | null): string[] {
  return groups.map(({ title, results }) => {
    const bars = results.flatMap((result) => draw(result) ?? [])
    if (bars.length === 0) return ''
    return figure(title, barChart(`${label}: ${title}`, bars, scaleEnd(bars.map(extentOf))))
  })
}

export function latencySection(report: Report): string {
  return section(
    'Latency',
    'The time of one run, from the input in memory to the logits in memory. The bar is the median of all rounds, the line spans the middle 80 %. The number behind a time compares it with the first contender of its chart. Contenders run in turn, round by round, in one process or page.',
    ...groupCharts(groupsOf(report), 'Latency', (result) => {
      const { medianMs, lowMs, highMs, minMs, ratioToFirst, peakShare, runs } = result
      if (medianMs === null || lowMs === null || highMs === null) return null
      return {
        label: result.contender,
        parts: [{ value: medianMs, tone: tone(result) }],
        range: [lowMs, highMs],
        text: `${milliseconds(medianMs)}  ${ratio(ratioToFirst)}`,
        hint: `${result.contender}: median ${milliseconds(medianMs)}, fastest ${milliseconds(minMs)}, middle 80 % ${milliseconds(lowMs)} to ${milliseconds(highMs)}, ${percent(peakShare)} of the peak, ${count(runs, 'run')}`,
      }
    }),
  )
}

export function coldSection(report: Report): string {
  return section(
    'Cold start',
    'The time to the first answer in a fresh process or page. The clock starts when the library is imported, and when the model and all files that the library fetches are in memory.',
    legend(['own', 'until the model can run'], ['own-second', 'the first run']),
    ...groupCharts(groupsOf(report), 'Cold start', (result) => {
      const { coldMs, coldLoadMs, coldFirstRunMs } = result
      if (coldMs === null || coldLoadMs === null || coldFirstRunMs === null) return null
      return {
        label: result.contender,
        parts: [
          { value: coldLoadMs, tone: tone(result) },
          { value: coldFirstRunMs, tone: tone(result, 'second') },
        ],
        text: milliseconds(coldMs),
        hint: `${result.contender}: ${milliseconds(coldLoadMs)} until the model can run, ${milliseconds(coldFirstRunMs)} for the first run`,
      }
    }),
  )
}

export function downloadSection({ results }: Report): string {
  const seen = new Map(results.filter(({ downloadBytes }) => downloadBytes !== null).map((result) => [result.contender, result]))
  const bars = [...seen.values()].map((result): Bar => {
    const { downloadBytes, readerBytes } = result
    const reader = readerBytes ?? 0
    return {
      label: result.contender,
      parts: [
        { value: downloadBytes ?? 0, tone: tone(result) },
        { value: reader, tone: tone(result, 'second') },
      ],
      text: `${bytes(downloadBytes)}${reader === 0 ? '' : ` + ${bytes(reader)}`}`,
      hint: `${result.contender}: ${bytes(downloadBytes)}${reader === 0 ? '' : `, and ${bytes(reader)} for the reader of the model’s file`}`,
    }
  })
  if (bars.length === 0) return ''
  const full = Math.max(...bars.flatMap(({ parts }) => parts.map(({ value }) => value)))
  return section(
    'Download',
    'What a page loads before it can run a model: the minified library, and every file that it fetches, as gzip. For a backend of this project the reader of checkpoints is a second bar, because a page can leave it out. Each peer contains the reader of its own format.',
    figure('As gzip, without the model', barChart('Download', bars, full)),
  )
}

export function memorySection(report: Report): string {
  return section(
    'Peak memory',
    'By how much the memory of the process, or of the page’s renderer, grew at most after the library was imported. The memory of the graphics process does not count.',
    ...groupCharts(groupsOf(report), 'Peak memory', (result) => {
      const { peakMemoryBytes } = result
      if (peakMemoryBytes === null) return null
      const text = bytes(peakMemoryBytes)
      return {
        label: result.contender,
        parts: [{ value: peakMemoryBytes, tone: tone(result) }],
        text,
        hint: `${result.contender}: ${text}`,
      }
    }),
  )
}
