import type { BodyArchitecture } from '@mobilenetv2/runtime'
import type { IntegerActivation, IntegerLayer, IntegerParameters, LayerId } from '@mobilenetv2/spec'

/** A layer's integers, and those that it reads. */
export interface PlacedIntegers {
  readonly layer: IntegerLayer
  readonly input: IntegerActivation
  /** What the layer adds; null if it adds nothing. */
  readonly residual: IntegerActivation | null
}

/** What a layer gives, its residual added. */
export function resultOf(layer: IntegerLayer): IntegerActivation {
  return (layer.kind === 'weights' ? layer.addition?.output : undefined) ?? layer.output
}

/** The integers of each layer with those of the layers that it reads. */
export function placeIntegers(
  { layers }: BodyArchitecture,
  { input, layers: integers }: IntegerParameters,
): ReadonlyMap<LayerId, PlacedIntegers> {
  let before: IntegerActivation = input
  const placed = new Map<LayerId, PlacedIntegers>()
  for (const { id, residual } of layers) {
    const layer = integers.get(id)!
    placed.set(id, { layer, input: before, residual: residual === null ? null : resultOf(integers.get(residual)!) })
    before = resultOf(layer)
  }
  return placed
}
