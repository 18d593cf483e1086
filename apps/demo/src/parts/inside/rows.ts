import { type Architecture, activationMemory, type Layer, type LayerTime, parameterCount } from '@mobilenetv2/spec'

/** What a row of the table can be measured by. */
export const metrics = {
  multiplyAdds: 'Multiply-adds',
  parameters: 'Parameters',
  memory: 'Activation memory',
  time: 'Measured time',
} as const

export type Metric = keyof typeof metrics

/** The costs of a layer or a block; the time is null where it was not measured, or only together with others. */
export type Costs = Readonly<Record<Exclude<Metric, 'time'>, number>> & { readonly time: number | null }

/** A layer, and what it costs. */
export interface LayerRow {
  readonly layer: Layer
  readonly costs: Costs
}

/** A block, or a layer outside of blocks. */
export interface BlockRow {
  readonly title: string
  readonly layers: readonly LayerRow[]
  readonly costs: Costs
}

const titles: Readonly<Record<string, string>> = {
  stem: 'Stem',
  head: 'Head',
  pool: 'Average pool',
  classifier: 'Classifier',
}

function blockTitle(layers: readonly Layer[]): string {
  const [first] = layers
  if (first === undefined) return ''
  if (first.block === null) return titles[first.id] ?? first.id
  return `Block ${first.block}${layers.at(-1)?.residual ? ' ↷' : ''}`
}

/** The network block by block, with what each costs. A block's memory is the most that one of its layers needs. */
export function rowsOf(architecture: Architecture, times: readonly LayerTime[] | null): BlockRow[] {
  const memory = new Map(activationMemory(architecture, 'layer').steps.map(({ layers, bytes }) => [layers[0], bytes]))
  const own = new Map((times ?? []).filter(({ layers }) => layers.length === 1).map((time) => [time.layers[0], time.milliseconds]))
  const groups: Layer[][] = []
  for (const layer of architecture.layers) {
    const group = groups.at(-1)
    if (group !== undefined && layer.block !== null && group[0]?.block === layer.block) group.push(layer)
    else groups.push([layer])
  }
  return groups.map((group) => {
    const layers = group.map((layer) => ({
      layer,
      costs: {
        multiplyAdds: layer.multiplyAdds,
        parameters: parameterCount(layer),
        memory: memory.get(layer.id) ?? 0,
        time: own.get(layer.id) ?? null,
      },
    }))
    const ids = new Set(group.map(({ id }) => id))
    const timed = (times ?? []).filter((time) => time.layers[0] !== undefined && ids.has(time.layers[0]))
    const sum = (of: 'multiplyAdds' | 'parameters'): number => layers.reduce((total, { costs }) => total + costs[of], 0)
    return {
      title: blockTitle(group),
      layers,
      costs: {
        multiplyAdds: sum('multiplyAdds'),
        parameters: sum('parameters'),
        memory: Math.max(...layers.map(({ costs }) => costs.memory)),
        time: timed.length === 0 ? null : timed.reduce((total, { milliseconds }) => total + milliseconds, 0),
      },
    }
  })
}
