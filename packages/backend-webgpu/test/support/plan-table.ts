import type { Architecture } from '@mobilenetv2/spec'
import type { Target } from '../../src/planner/tiles.js'
import { type Traffic, trafficOf } from '../../src/planner/traffic.js'
import { planModel } from './plan-body.js'

type Numbers = Omit<Traffic, 'layers' | 'kind'>

const targets: readonly Target[] = [{ adapter: 'hardware' }, { adapter: 'software' }]

function traffic(architecture: Architecture, target: Target): Traffic[] {
  return trafficOf(architecture, planModel(architecture, 'f32', target))
}

function cells(name: string, kind: string, { read, written, weights, multiplyAdds }: Numbers): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2)
  const intensity = (multiplyAdds / (read + written + weights)).toFixed(1)
  return `| ${[name, kind, megabytes(read), megabytes(written), megabytes(weights), (multiplyAdds / 1e6).toFixed(1), intensity].join(' | ')} |`
}

/** What each dispatch of a plan moves and does, with a sum. */
function planTable(architecture: Architecture, target: Target): string {
  const steps = traffic(architecture, target)
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

/** Round numbers for two kinds of device; none of them is measured. */
const devices = [
  { name: 'integrated', bytesPerSecond: 60e9, multiplyAddsPerSecond: 0.25e12, dispatchSeconds: 5e-6 },
  { name: 'discrete', bytesPerSecond: 450e9, multiplyAddsPerSecond: 2.5e12, dispatchSeconds: 3e-6 },
] as const

/** The expected time: for each dispatch the longer of the times for memory and for arithmetic, plus the time to start it. */
function expectedTable(architecture: Architecture): string {
  const rows = devices.map(({ name, bytesPerSecond, multiplyAddsPerSecond, dispatchSeconds }) => {
    const times = targets.map((target) => {
      const steps = traffic(architecture, target)
      const work = steps.map(({ read, written, weights, multiplyAdds }) =>
        Math.max((read + written + weights) / bytesPerSecond, multiplyAdds / multiplyAddsPerSecond),
      )
      const seconds = work.reduce((total, step) => total + step, 0) + steps.length * dispatchSeconds
      return `${(1000 * seconds).toFixed(2)} ms`
    })
    const [bandwidth, speed] = [bytesPerSecond / 1e9, multiplyAddsPerSecond / 1e12]
    return `| ${name} | ${bandwidth} GB/s | ${speed} T/s | ${dispatchSeconds * 1e6} µs | ${times.join(' | ')} |`
  })
  return [
    '| device | memory | multiply-adds reached | start of a dispatch | fused plan | plain plan |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n')
}

/** The tables of docs/webgpu.md, by the names of their places there. */
export function planTables(architecture: Architecture): Readonly<Record<string, string>> {
  const [fused, plain] = targets.map((target) => planTable(architecture, target))
  return { fused: fused!, plain: plain!, expected: expectedTable(architecture) }
}
