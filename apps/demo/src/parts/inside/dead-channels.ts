import {
  type Architecture,
  isWeighted,
  type Layer,
  type LayerId,
  type Parameters,
  parametersOf,
  type WeightedLayer,
} from '@mobilenetv2/spec'

/** The least and the greatest value that the output of a layer can have. */
type Range = readonly [low: number, high: number]

const anything: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]

/** The range that the activation of a layer leaves; a shortcut adds anything to it. */
function rangeOf(layer: Layer | undefined): Range {
  if (layer === undefined || layer.residual !== null) return anything
  if (layer.activation === 'relu6') return [0, 6]
  return layer.activation === 'relu' ? [0, Number.POSITIVE_INFINITY] : anything
}

/** For each output channel, the greatest sum that any input in the range can give. */
function greatestSums(layer: WeightedLayer, parameters: Parameters, [low, high]: Range): Float64Array {
  const { kernel, bias } = parametersOf(parameters, layer)
  const sums = Float64Array.from(bias)
  // In each of the layouts, the output channel is the last axis.
  kernel.forEach((weight, at) => {
    if (weight !== 0) sums[at % sums.length]! += weight > 0 ? weight * high : weight * low
  })
  return sums
}

/**
 * The channels of a layer that are 0 for every picture: whatever comes in, their sums are never above 0, so that ReLU or ReLU6 sets them
 * to 0. They follow from the weights alone, by the range of the layer before. A channel may be dead without it being proved here.
 */
export function deadChannels({ layers }: Architecture, parameters: Parameters, id: LayerId): number[] {
  const at = layers.findIndex((layer) => layer.id === id)
  const layer = layers[at]
  if (layer === undefined || !isWeighted(layer) || !/^relu6?$/.test(layer.activation)) return []
  return [...greatestSums(layer, parameters, rangeOf(layers[at - 1])).entries()].flatMap(([index, sum]) =>
    sum <= 0 ? [index] : [],
  )
}
