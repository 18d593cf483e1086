import {
  type Architecture,
  type IntegerLayer,
  type IntegerParameters,
  isActivation,
  isWeighted,
  type Layer,
  type LayerId,
  type LayerParameters,
  MobileNetV2Error,
  type Parameters,
  parametersOf,
  truncateAt,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import { additionOf, type Bounds, boundsOf, clamped, limits, meanOf } from '../integer-arithmetic.js'
import type { Network } from '../network.js'
import { flattens } from '../out/gives-map.js'
import type { StoredActivation } from '../stored-integers.js'
import { activationFor, bestRange } from './activation-range.js'
import { createHistogram, type Histogram } from './histogram.js'
import { inputActivation } from './input-activation.js'
import { probeOf, type Spread } from './probe.js'
import { correctBias, dequantized, integerWeights, leastOutputScale, quantizeWeights } from './quantize-weights.js'

/** A network, or its first layers, which is run on the calibration pictures. */
export type CalibrationNetwork = Pick<Network, 'architecture' | 'parameters' | 'integers'>

/**
 * Runs a network on each of the calibration pictures, in `integers` if they are not null. It gives the output of the last layer for each
 * picture, `[positions, channels]`. The pictures come in the same order each time. The first ones should represent all, because not every
 * layer needs all of them.
 */
export type RunOnPictures = (network: CalibrationNetwork) => AsyncIterable<Float32Array>

/** The numbers of a quantised network. */
export interface QuantizedNumbers {
  /** The integers, which backends run. */
  readonly integers: IntegerParameters
  /** The real numbers that the integers stand for. */
  readonly parameters: Parameters
}

function refuse({ id, kind }: Layer, got: string): never {
  throw new MobileNetV2Error('OPTION', 'A layer of this network cannot be quantised.', {
    where: `layer ${id}`,
    expected: 'convolutions, an average pool, and dense layers after it, with ReLU6, ReLU or no activation',
    got: `${kind}, ${got}`,
    remedy: 'Quantise a network with a plain head, or write this one as floats.',
  })
}

/**
 * Checks that every layer of a network can be quantised.
 * @throws MobileNetV2Error `OPTION` at the first layer that cannot
 * @example
 * ```ts
 * import { defineMobileNetV2 } from '@mobilenetv2/spec'
 * import { checkQuantizable } from '@mobilenetv2/weights'
 *
 * checkQuantizable(defineMobileNetV2({ classes: 10 }))
 * ```
 */
export function checkQuantizable({ layers }: Architecture): void {
  for (const [index, layer] of layers.entries()) {
    if (!isActivation(layer.activation)) refuse(layer, `activation ${layer.activation}`)
    if (layer.kind === 'globalMaxPool') refuse(layer, 'which gives the maximum')
    if (!isWeighted(layer) && layer.activation !== 'linear') refuse(layer, `activation ${layer.activation}`)
    if (flattens(layer, layers[index - 1])) refuse(layer, 'of a flattened map')
  }
}

/** The statistics of a layer's output before its activation. */
interface Seen extends Spread {
  /** The values after the activation. */
  readonly histogram: Histogram
}

/**
 * The number of pictures that is enough for a layer that gives a map, since every position of it counts. All other layers take all
 * pictures.
 */
const picturesForMaps = 32

/** The mean of each channel over all positions of all pictures. `each` is called with every value. */
async function channelMeans(
  outputs: AsyncIterable<Float32Array>,
  { id, output: { channels } }: Layer,
  each?: (value: number, channel: number) => void,
): Promise<Float64Array> {
  const sums = new Float64Array(channels)
  let [pictures, count] = [0, 0]
  for await (const values of outputs) {
    pictures += 1
    count += values.length / channels
    for (let at = 0; at < values.length; at += channels) {
      for (let channel = 0; channel < channels; channel++) {
        sums[channel]! += values[at + channel]!
        each?.(values[at + channel]!, channel)
      }
    }
    if (pictures === picturesForMaps && values.length > channels) break
  }
  if (!sums.every(Number.isFinite)) {
    throw new MobileNetV2Error('PARAMETERS', 'The network gives values that are not finite numbers, so it cannot be quantised.', {
      where: `layer ${id}`,
    })
  }
  return sums.map((sum) => sum / count)
}

async function look(outputs: AsyncIterable<Float32Array>, layer: Layer, [low, high]: Bounds): Promise<Seen> {
  const histogram = createHistogram()
  const { channels } = layer.output
  const least = new Float64Array(channels).fill(Number.POSITIVE_INFINITY)
  const most = new Float64Array(channels).fill(Number.NEGATIVE_INFINITY)
  const means = await channelMeans(outputs, layer, (value, channel) => {
    if (value < least[channel]!) least[channel] = value
    if (value > most[channel]!) most[channel] = value
    histogram.add(value < low ? low : value > high ? high : value)
  })
  return { means, reach: means.map((mean, channel) => Math.max(most[channel]! - mean, mean - least[channel]!)), histogram }
}

/** The network up to a layer, which then has neither activation nor residual. */
function upToSums(architecture: Architecture, layer: WeightedLayer): Architecture {
  const { layers, ...rest } = truncateAt(architecture, layer.id)
  return { ...rest, layers: [...layers.slice(0, -1), { ...layer, activation: 'linear', residual: null }] }
}

/**
 * Quantises a trained network. Kernels get a scale for each output channel. Activations get the range with the least error on the
 * calibration pictures. Each bias is corrected by the mean error that rounding the kernel, and all activations before it, causes on the
 * pictures. Layers are quantised one after the other, so that each correction takes all earlier rounding into account.
 * @param run runs parts of the network on the pictures, of which there must be at least one. It is called one to three times for each
 * layer.
 * @param onLayer is called after each layer
 * @throws MobileNetV2Error `OPTION` as `checkQuantizable`; `PARAMETERS` if parameters are missing, values are not finite, or the ranges of
 * activations do not fit 8 bits
 * @example
 * ```ts
 * import { type Network, quantizeNetwork, type RunOnPictures } from '@mobilenetv2/weights'
 *
 * async function quantized(network: Network, run: RunOnPictures): Promise<Network> {
 *   return { ...network, ...(await quantizeNetwork(network, run)) }
 * }
 * ```
 */
export async function quantizeNetwork(
  { architecture, parameters, preprocessing }: Pick<Network, 'architecture' | 'parameters' | 'preprocessing'>,
  run: RunOnPictures,
  onLayer: (layer: LayerId) => void = () => {},
): Promise<QuantizedNumbers> {
  checkQuantizable(architecture)
  const input = inputActivation(preprocessing)
  const layers = new Map<LayerId, IntegerLayer>()
  const stood = new Map<LayerId, LayerParameters>()
  const results = new Map<LayerId, StoredActivation>()
  const inFloats = (part: Architecture) => run({ architecture: part, parameters, integers: null })
  const tooFarApart = ({ id }: Layer): never => {
    throw new MobileNetV2Error('PARAMETERS', 'The ranges of two activations are too far apart for 8 bits.', {
      where: `layer ${id}`,
    })
  }
  let before = input.activation

  const quantizePool = async (layer: Layer): Promise<void> => {
    const { histogram } = await look(inFloats(truncateAt(architecture, layer.id)), layer, boundsOf.linear)
    const output = activationFor(bestRange(histogram), before.scale / limits.pool[1])
    layers.set(layer.id, meanOf(before, output, layer.input) ?? tooFarApart(layer))
    before = output
  }

  const quantizeLayer = async (layer: WeightedLayer): Promise<void> => {
    const { id, residual } = layer
    const { scale } = before
    const allowed = boundsOf[isActivation(layer.activation) ? layer.activation : refuse(layer, layer.activation)]
    const sums = upToSums(architecture, layer)
    const seen = await look(inFloats(sums), layer, allowed)
    const plain = quantizeWeights(layer, parametersOf(parameters, layer), scale)
    const leastScale = leastOutputScale(plain, scale)

    const probe = probeOf(plain, scale, seen)
    const integers = { input: input.integers, layers: new Map(layers).set(id, probe.layer) }
    const rounded = await channelMeans(run({ architecture: sums, parameters, integers }), layer)
    const weights = correctBias(plain, scale, probe.errors(rounded))
    stood.set(id, dequantized(weights, scale))

    if (residual === null) {
      const output = activationFor(bestRange(seen.histogram), leastScale)
      layers.set(id, { ...integerWeights(weights, scale, clamped(output, allowed)), addition: null })
      before = output
      return
    }
    const other = results.get(residual)!
    const [least, end] = limits.addition
    const { histogram } = await look(inFloats(truncateAt(architecture, id)), layer, boundsOf.linear)
    const sum = activationFor(bestRange(histogram), (2 * other.scale) / end)
    const own = activationFor(bestRange(seen.histogram), Math.max(leastScale, 2 * least * sum.scale))
    const addition = additionOf(own, other, sum) ?? tooFarApart(layer)
    layers.set(id, { ...integerWeights(weights, scale, clamped(own, allowed)), addition })
    before = sum
  }

  for (const layer of architecture.layers) {
    await (isWeighted(layer) ? quantizeLayer(layer) : quantizePool(layer))
    results.set(layer.id, before)
    onLayer(layer.id)
  }
  return { integers: { input: input.integers, layers }, parameters: stood }
}
