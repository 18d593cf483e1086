import type { LayerProfile, Report } from '../result.js'
import { type Bar, barChart } from './bar-chart.js'
import { milliseconds, percent } from './format.js'
import { groupsOf } from './groups.js'
import { figure, legend, section } from './layout.js'

/** Names a step by its layers: `stem`, `block1.depthwise`, `block1.project` become `stem, block 1: depthwise, project`. */
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

/** A shorter name. A step that contains a whole block is named by the block and by what comes before it. */
export function nameStepShort(layers: readonly string[]): string {
  return layers.at(-1)?.endsWith('.project') === true && layers.length > 1
    ? nameStep(layers).replace(/: .*$/, '')
    : nameStep(layers)
}

const kinds: readonly (readonly [string, string])[] = [
  ['kind-block', 'a whole inverted residual, strip by strip'],
  ['kind-expand', 'expansion'],
  ['kind-depthwise', 'depthwise convolution, alone or with the expansion before it'],
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
    'The time of each step on one picture, in milliseconds. Layers that run as one step share a row.',
    legend(...kinds.filter(([tone]) => tones.has(tone))),
    ...profiled.map(({ title, profile }) => profileChart(title, profile)),
  )
}
