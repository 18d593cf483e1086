import type { Architecture } from '@mobilenetv2/spec'
import { planModel } from '../src/planner/plan.js'
import type { Target } from '../src/planner/tiles.js'
import { type Traffic, trafficOf } from '../src/planner/traffic.js'

type Numbers = Omit<Traffic, 'layers' | 'kind'>

function cells(name: string, kind: string, { read, written, weights, multiplyAdds }: Numbers): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2)
  const intensity = (multiplyAdds / (read + written + weights)).toFixed(1)
  return `| ${[name, kind, megabytes(read), megabytes(written), megabytes(weights), (multiplyAdds / 1e6).toFixed(1), intensity].join(' | ')} |`
}

/** What each dispatch of a plan moves and does, as a Markdown table with a sum. */
export function planTable(architecture: Architecture, target: Target): string {
  const steps = trafficOf(architecture, planModel(architecture, 'f32', target))
  const sum = (part: keyof Numbers): number => steps.reduce((total, step) => total + step[part], 0)
  const total = { read: sum('read'), written: sum('written'), weights: sum('weights'), multiplyAdds: sum('multiplyAdds') }
  return [
    '| layers | kernel | MB read | MB written | MB weights | M multiply-adds | multiply-adds a byte |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...steps.map((step) => cells(step.layers.join(' + '), step.kind, step)),
    cells(`**${steps.length} dispatches**`, '', total),
    '',
  ].join('\n')
}
