import type { LayerProfile, Report } from '../result.js'
import { type Bar, barChart } from './bar-chart.js'
import { milliseconds, percent } from './format.js'
import { groupsOf } from './groups.js'
import { figure, legend, section } from './layout.js'

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

const kinds: readonly (readonly [string, string])[] = [
  ['kind-block', 'a whole block, strip by strip'],
  ['kind-expand', 'expansion'],
  ['kind-depthwise', 'depthwise, with the expansion before it where they are one step'],
  ['kind-project', 'projection'],
  ['kind-ends', 'stem, head, pool, classifier'],
]

function stepTone(layers: readonly string[]): string {
  const parts = new Set(layers.map((id) => id.split('.')[1] ?? id))
  const projects = parts.has('project') || parts.has('pointwise')
  if (parts.has('depthwise')) return projects ? 'kind-block' : 'kind-depthwise'
  if (projects) return 'kind-project'
  return parts.has('expand') ? 'kind-expand' : 'kind-ends'
}

function profileChart(title: string, profile: readonly LayerProfile[]): string {
  const whole = profile.reduce((sum, step) => sum + step.milliseconds, 0)
  const bars = profile.map(({ layers, milliseconds: time, multiplyAdds }): Bar => {
    const gflops = (2 * multiplyAdds) / time / 1e6
    const speed = multiplyAdds === 0 ? '' : `${gflops.toFixed(gflops < 10 ? 1 : 0)} GFLOP/s`
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
  const profiled = groupsOf(report).flatMap(({ title, results }) =>
    results.flatMap(({ contender, profile }) => (profile === null ? [] : [{ title: `${contender}, ${title}`, profile }])),
  )
  if (profiled.length === 0) return ''
  const tones = new Set(profiled.flatMap(({ profile }) => profile.map(({ layers }) => stepTone(layers))))
  return section(
    'Layer by layer',
    'Milliseconds of each step on one picture. Layers that run as one step stand in one row.',
    legend(...kinds.filter(([tone]) => tones.has(tone))),
    ...profiled.map(({ title, profile }) => profileChart(title, profile)),
  )
}
