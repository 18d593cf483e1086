import type { Report, ScalingResult } from '../result.js'
import type { Series } from '../scaling.js'
import { milliseconds } from './format.js'
import { figure, legend, section } from './layout.js'
import { type Line, lineChart } from './line-chart.js'
import { element } from './svg.js'

const seriesTitles: Readonly<Record<Series, string>> = {
  batch: 'Pictures in a run',
  size: 'Height and width of the input',
  widthMultiplier: 'Width multiplier',
  threads: 'Threads',
}

/** The band: a time per multiply-add of up to this many times the best one. */
const goodShare = 1.25

function scalingChart(series: Series, results: readonly ScalingResult[]): string {
  const lines = [...new Set(results.map(({ where }) => where))].flatMap((where): Line[] => {
    const own = results.flatMap(({ where: place, point, picoseconds, medianMs }) =>
      place !== where || picoseconds === null ? [] : [{ point, cost: picoseconds * point.threads, medianMs }],
    )
    const best = Math.min(...own.map(({ cost }) => cost))
    const points = own.map(({ point, cost, medianMs }) => ({
      x: point[series],
      y: cost / best,
      hint: `${series} ${point[series]}, ${where}: ${cost.toFixed(1)} ps per multiply-add and thread, ${milliseconds(medianMs)} a run`,
    }))
    return points.length === 0 ? [] : [{ name: where, tone: where.startsWith('node') ? 'other' : 'own', points }]
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
    'The time of wasm per multiply-add and thread, relative to the best of its series. The band reaches to 25 % above the best.',
    legend(['own', 'a browser'], ['other', 'Node']),
    element('div', { class: 'pairs' }, ...charts),
  )
}
