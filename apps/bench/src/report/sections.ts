import { factsOf } from '../registry.js'
import type { LayerProfile, Report, Result, ScalingResult } from '../result.js'
import type { Series } from '../scaling.js'
import { type Bar, barChart } from './bar-chart.js'
import { bytes, count, milliseconds, percent, ratio } from './format.js'
import { type Group, groupsOf } from './groups.js'
import { type Line, lineChart } from './line-chart.js'
import { scaleEnd } from './scale.js'
import { element, escapeText } from './svg.js'

function tone({ contender }: Result, part: 'main' | 'second' = 'main'): string {
  return `${factsOf(contender).own === null ? 'peer' : 'own'}${part === 'second' ? '-second' : ''}`
}

/** A heading, a sentence on what is shown, and what is shown; nothing where there is nothing to show. */
function section(title: string, explanation: string, ...content: readonly string[]): string {
  if (content.every((part) => part === '')) return ''
  return element('section', {}, element('h2', {}, escapeText(title)), element('p', {}, escapeText(explanation)), ...content)
}

function figure(caption: string, chart: string): string {
  return element('figure', {}, element('figcaption', {}, escapeText(caption)), chart)
}

function legend(...entries: readonly (readonly [string, string])[]): string {
  return element(
    'p',
    { class: 'legend' },
    ...entries.map(([name, text]) => element('span', {}, element('i', { class: `swatch ${name}` }), escapeText(text))),
  )
}

/** How far a bar and its line reach. */
function extentOf({ parts, range }: Bar): number {
  return Math.max(
    range?.[1] ?? 0,
    parts.reduce((sum, { value }) => sum + value, 0),
  )
}

/** A chart for each group of results that ran together, of those results that have the figure. */
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
    'One whole run, from the input in memory to the logits in memory: the median of all rounds, and a line over the middle 80 %. Contenders run in turn, round by round, in one process or page.',
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
    'In a fresh process or page: from the library imported, and the bytes of the model and of what the library fetches at hand, to the first answer.',
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
    'What a page loads before it can run a model: the library minified, and every file that it fetches, as gzip. A backend of this project stands without its reader of checkpoints, which is given beside it; peers read one format of their own.',
    figure('As gzip, without the model', barChart('Download', bars, full)),
  )
}

export function memorySection(report: Report): string {
  return section(
    'Peak memory',
    'How much the process or the renderer of the page grew at its highest, from before the library is imported. What a graphics process holds is not in it.',
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

/** `stem`, `block1.depthwise`, `block1.project` → `stem, block 1: depthwise, project`. */
export function nameStep(layers: readonly string[]): string {
  let block = ''
  const names = layers.map((id) => {
    const [of, part] = id.split('.')
    if (part === undefined || of === undefined) return id
    const prefix = of === block ? '' : `${of.replace('block', 'block ')}: `
    block = of
    return `${prefix}${part}`
  })
  return names.join(', ')
}

/** The same for a narrow place: of a step that goes all the way through a block, only what comes before and the block. */
export function nameStepShort(layers: readonly string[]): string {
  return layers.at(-1)?.endsWith('.project') === true && layers.length > 1
    ? nameStep(layers).replace(/: .*$/, '')
    : nameStep(layers)
}

function stepTone(layers: readonly string[]): string {
  const kinds = new Set(layers.map((id) => id.split('.')[1] ?? id))
  if (kinds.has('depthwise')) return kinds.has('project') ? 'kind-block' : 'kind-depthwise'
  if (kinds.has('project') || kinds.has('pointwise')) return 'kind-project'
  return 'kind-ends'
}

function profileChart(title: string, profile: readonly LayerProfile[]): string {
  const whole = profile.reduce((sum, step) => sum + step.milliseconds, 0)
  const bars = profile.map(({ layers, milliseconds: time, multiplyAdds }): Bar => {
    const speed = multiplyAdds === 0 ? '' : `${((2 * multiplyAdds) / time / 1e6).toFixed(0)} GFLOP/s`
    return {
      label: nameStepShort(layers),
      parts: [{ value: time, tone: stepTone(layers) }],
      text: `${milliseconds(time)}  ${speed}`.trim(),
      hint: `${nameStep(layers)}: ${milliseconds(time)}, ${percent(time / whole)} of the whole ${speed}`,
    }
  })
  const full = Math.max(...profile.map((step) => step.milliseconds))
  return figure(`${title}: ${milliseconds(whole)} in all`, barChart(`Profile: ${title}`, bars, full, 'dense'))
}

export function profileSection(report: Report): string {
  const charts = groupsOf(report).flatMap(({ title, results }) =>
    results.flatMap(({ contender, profile }) => (profile === null ? [] : [profileChart(`${contender}, ${title}`, profile)])),
  )
  if (charts.length === 0) return ''
  return section(
    'Layer by layer',
    'Milliseconds of each step on one picture. Layers that run as one step stand in one row.',
    legend(
      ['kind-block', 'a whole block, strip by strip'],
      ['kind-depthwise', 'expansion with depthwise'],
      ['kind-project', 'projection'],
      ['kind-ends', 'stem, head, pool, classifier'],
    ),
    ...charts,
  )
}

const seriesTitles: Readonly<Record<Series, string>> = {
  batch: 'Pictures in a run',
  size: 'Height and width of the input',
  width: 'Width multiplier',
  threads: 'Threads',
}

/** The share above the best that is still good: time per multiply-add within 25 % of the best. */
const goodShare = 1.25

function scalingChart(series: Series, results: readonly ScalingResult[]): string {
  const lines = (['chromium', 'node'] as const).flatMap((where): Line[] => {
    const own = results.flatMap(({ where: place, point, picoseconds, medianMs }) =>
      place !== where || picoseconds === null ? [] : [{ point, cost: picoseconds * point.threads, medianMs }],
    )
    const best = Math.min(...own.map(({ cost }) => cost))
    const points = own.map(({ point, cost, medianMs }) => ({
      x: point[series],
      y: cost / best,
      hint: `${series} ${point[series]}, ${where}: ${cost.toFixed(1)} ps of a thread for a multiply-add, ${milliseconds(medianMs)} a run`,
    }))
    return points.length === 0 ? [] : [{ name: where, tone: where === 'chromium' ? 'own' : 'other', points }]
  })
  if (lines.length === 0) return ''
  return figure(seriesTitles[series], lineChart(`Scaling with ${series}`, lines, [1, goodShare]))
}

export function scalingSection({ scaling }: Report): string {
  if (scaling.length === 0) return ''
  const all = [...new Set(scaling.map(({ point }) => point.series))]
  const charts = all.map((series) =>
    scalingChart(
      series,
      scaling.filter(({ point }) => point.series === series),
    ),
  )
  return section(
    'Scaling',
    'The time of a thread of wasm for one multiply-add, as a share of the best of its series; the band is within 25 % of it.',
    legend(['own', 'Chromium'], ['other', 'Node']),
    element('div', { class: 'pairs' }, ...charts),
  )
}
