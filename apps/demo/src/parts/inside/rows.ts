import { type Architecture, activationMemory, type Layer, type LayerId, type LayerTime, parameterCount } from '@mobilenetv2/spec'

/** What a row of the table can be measured by. */
export const metrics = {
  multiplyAdds: 'Multiply-adds',
  parameters: 'Parameters',
  memory: 'Activation memory',
  time: 'Measured time',
} as const

export type Metric = keyof typeof metrics

/** The costs of a layer or a block. */
export type Costs = Readonly<Record<Exclude<Metric, 'time'>, number>> & {
  /** Milliseconds of what begins here, with the layers after it that run in one piece with it; null where nothing does. */
  readonly time: number | null
  /** The row that the time of a layer before stands in, where this one runs in one piece with that; null where it does not. */
  readonly timedWith: string | null
}

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

/** What a layer is called inside of its block. */
export const nameInBlock = (id: LayerId): string => id.replace(/^.*\./, '')

function groupByBlock(architecture: Architecture): Layer[][] {
  const groups: Layer[][] = []
  for (const layer of architecture.layers) {
    const group = groups.at(-1)
    if (group !== undefined && layer.block !== null && group[0]?.block === layer.block) group.push(layer)
    else groups.push([layer])
  }
  return groups
}

/** The network block by block, with what each costs. A block's memory is the most that one of its layers needs. */
export function rowsOf(architecture: Architecture, times: readonly LayerTime[] | null): BlockRow[] {
  const memory = new Map(activationMemory(architecture, 'layer').steps.map(({ layers, bytes }) => [layers[0], bytes]))
  const groups = groupByBlock(architecture)
  /** The first of the layers that a layer runs in one piece with. */
  const leader = new Map((times ?? []).flatMap(({ layers }) => layers.map((id) => [id, layers[0]!])))
  const titleOf = (id: LayerId): string => blockTitle(groups.find((group) => group.some((layer) => layer.id === id)) ?? [])
  return groups.map((group) => {
    const own = new Set(group.map(({ id }) => id))
    const layers = group.map((layer): LayerRow => {
      const first = leader.get(layer.id)
      return {
        layer,
        costs: {
          multiplyAdds: layer.multiplyAdds,
          parameters: parameterCount(layer),
          memory: memory.get(layer.id) ?? 0,
          time: times?.find((time) => time.layers[0] === layer.id)?.milliseconds ?? null,
          timedWith: first === undefined || first === layer.id ? null : own.has(first) ? nameInBlock(first) : titleOf(first),
        },
      }
    })
    const sum = (of: 'multiplyAdds' | 'parameters'): number => layers.reduce((total, { costs }) => total + costs[of], 0)
    const measured = layers.flatMap(({ costs }) => costs.time ?? [])
    return {
      title: blockTitle(group),
      layers,
      costs: {
        multiplyAdds: sum('multiplyAdds'),
        parameters: sum('parameters'),
        memory: Math.max(...layers.map(({ costs }) => costs.memory)),
        time: measured.length === 0 ? null : measured.reduce((total, value) => total + value, 0),
        timedWith: layers[0]?.costs.timedWith ?? null,
      },
    }
  })
}
