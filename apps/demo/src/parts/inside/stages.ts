import type { Architecture, Layer, LayerId } from '@mobilenetv2/spec'

/** What the picture goes through, one after the other: a block, or a layer outside of blocks. */
export interface Stage {
  /** In the address: the number of a block, or the name of a layer. */
  readonly key: string
  readonly title: string
  /** One or more. */
  readonly layers: readonly Layer[]
  readonly block: number | null
  /** Whether the input is added to the output. */
  readonly shortcut: boolean
}

const titles: Readonly<Record<string, string>> = {
  stem: 'Stem',
  head: 'Head',
  pool: 'Average',
  classifier: 'Classifier',
}

/** The last layer of a stage, whose output goes on to the next stage. */
export const lastOf = ({ layers }: Stage): Layer => layers.at(-1)!

/** What a layer is called inside of its block. */
export const nameInBlock = (id: LayerId): string => id.replace(/^.*\./, '')

/** The stages of a network, in their order. */
export function stagesOf({ layers }: Architecture): Stage[] {
  const groups: Layer[][] = []
  for (const layer of layers) {
    const group = groups.at(-1)
    if (group !== undefined && layer.block !== null && group[0]?.block === layer.block) group.push(layer)
    else groups.push([layer])
  }
  return groups.map((group): Stage => {
    const { block, id } = group[0]!
    return {
      key: block === null ? id : String(block),
      title: block !== null ? `Block ${block}` : group[0]!.kind === 'globalMaxPool' ? 'Maximum' : (titles[id] ?? id),
      layers: group,
      block,
      shortcut: group.at(-1)!.residual !== null,
    }
  })
}

/**
 * The layer that an address names, and its stage. If the network lacks the layer, or if `key` names another stage, the last layer
 * of the stage `key` is taken. If there is no such stage either, the last layer of the first stage is taken.
 */
export function chosenOf(
  stages: readonly Stage[],
  key: string | null,
  layer: string | null,
): { readonly stage: Stage; readonly layer: Layer } {
  const byLayer = stages.find(({ layers }) => layers.some(({ id }) => id === layer))
  const byKey = stages.find((stage) => stage.key === key)
  const stage = byLayer !== undefined && (byKey === undefined || byKey === byLayer) ? byLayer : (byKey ?? stages[0]!)
  return { stage, layer: stage.layers.find(({ id }) => id === layer) ?? lastOf(stage) }
}
