import { type Architecture, activationMemory, type Layer, type LayerId, parameterCount } from '@mobilenetv2/spec'
import { nameInBlock, type Stage, stagesOf } from './stages.js'
import { type Rounds, type Times, timesFrom } from './times.js'

/** What a row of the table can be measured by. */
export const metrics = {
  multiplyAdds: 'Multiply-adds',
  parameters: 'Parameters',
  memory: 'Memory of maps',
  time: 'Measured time',
} as const

export type Metric = keyof typeof metrics

/** The costs of a layer or a block. */
export type Costs = Readonly<Record<Exclude<Metric, 'time'>, number>> & {
  /** Milliseconds of the groups of fused layers that begin in this row; null if none begins here. */
  readonly time: Times | null
  /** The row that has the time, if this one is fused with a layer before it; else null. */
  readonly timedWith: string | null
}

/** A layer, and what it costs. */
export interface LayerRow {
  readonly layer: Layer
  readonly costs: Costs
}

/** A stage with its layers, and what they cost. */
export interface StageRow {
  readonly stage: Stage
  readonly layers: readonly LayerRow[]
  readonly costs: Costs
}

/** The value by which a row's bar is drawn. */
export function measure({ time, ...costs }: Costs, metric: Metric): number {
  return metric === 'time' ? (time?.median ?? 0) : costs[metric]
}

/** The network stage by stage, with what each costs. The memory of a block is the most that one of its layers needs. */
export function rowsOf(architecture: Architecture, rounds: Rounds): StageRow[] {
  const memory = new Map(activationMemory(architecture, 'layer').steps.map(({ layers, bytes }) => [layers[0], bytes]))
  const stages = stagesOf(architecture)
  /** The first layer of the group of fused layers that a layer belongs to. */
  const leader = new Map((rounds[0] ?? []).flatMap(({ layers }) => layers.map((id) => [id, layers[0]!])))
  const titleOf = (id: LayerId): string => stages.find(({ layers }) => layers.some((layer) => layer.id === id))?.title ?? ''
  return stages.map((stage) => {
    const own = new Set(stage.layers.map(({ id }) => id))
    const layers = stage.layers.map((layer): LayerRow => {
      const first = leader.get(layer.id)
      return {
        layer,
        costs: {
          multiplyAdds: layer.multiplyAdds,
          parameters: parameterCount(layer),
          memory: memory.get(layer.id) ?? 0,
          time: timesFrom(rounds, new Set([layer.id])),
          timedWith: first === undefined || first === layer.id ? null : own.has(first) ? nameInBlock(first) : titleOf(first),
        },
      }
    })
    const sum = (of: 'multiplyAdds' | 'parameters'): number => layers.reduce((total, { costs }) => total + costs[of], 0)
    return {
      stage,
      layers,
      costs: {
        multiplyAdds: sum('multiplyAdds'),
        parameters: sum('parameters'),
        memory: Math.max(...layers.map(({ costs }) => costs.memory)),
        time: timesFrom(rounds, own),
        timedWith: layers[0]?.costs.timedWith ?? null,
      },
    }
  })
}
