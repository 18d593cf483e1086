import type { BodyArchitecture } from '@mobilenetv2/runtime'
import type { IntegerActivation, IntegerLayer, IntegerParameters, LayerId } from '@mobilenetv2/spec'

/** The integers of a layer, and those of its input and residual. */
export interface PlacedIntegers {
  readonly layer: IntegerLayer
  readonly input: IntegerActivation
  /** The residual; null if there is none. */
  readonly residual: IntegerActivation | null
}

/** The output of a layer, with its residual added. */
export function resultOf(layer: IntegerLayer): IntegerActivation {
  return (layer.kind === 'weights' ? layer.addition?.output : undefined) ?? layer.output
}

/** Collects, for each layer, its integers and those of its input and residual. */
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
