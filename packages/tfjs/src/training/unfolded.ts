import {
  type Architecture,
  type BatchNorm,
  type BatchNorms,
  checkOptionNames,
  checkParameters,
  isWeighted,
  kernelLength,
  type LayerId,
  type LayerParameters,
  MobileNetV2Error,
  type Parameters,
  parametersOf,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import { seedOption } from '../option-checks.js'
import type { TensorName } from './network.js'
import { normalValues, uniform } from './random.js'

/** A layer as it trains: its kernel in the layout of `kernelShape`, and what BatchNorm learns and has averaged, each `[channels]`. */
export interface UnfoldedLayerParameters extends BatchNorm {
  readonly kernel: Float32Array
  readonly beta: Float32Array
}

/**
 * Parameters that can be trained. A layer has its BatchNorm beside the kernel, or kernel and bias only: the classifier, and layers
 * whose BatchNorm was folded before, which go on training as they are. So `Parameters` are `UnfoldedParameters` too.
 */
export type UnfoldedParameters = ReadonlyMap<LayerId, LayerParameters | UnfoldedLayerParameters>

/** A layer's arrays with their names. */
export function namedArrays(
  id: LayerId,
  layer: LayerParameters | UnfoldedLayerParameters,
): readonly (readonly [TensorName, Float32Array])[] {
  return Object.entries(layer).map(([name, values]: [string, Float32Array]) => [`${id}.${name}` as TensorName, values])
}

/** Whether a layer has its BatchNorm beside the kernel. */
export function isNormalized(layer: LayerParameters | UnfoldedLayerParameters): layer is UnfoldedLayerParameters {
  return 'gamma' in layer
}

/** Those of a layer's arrays that have gradients. */
export function learnedArrays(
  id: LayerId,
  layer: LayerParameters | UnfoldedLayerParameters,
): readonly (readonly [TensorName, Float32Array])[] {
  return namedArrays(id, layer).filter(([name]) => !name.endsWith('.mean') && !name.endsWith('.variance'))
}

function fill(length: number, value: number): Float32Array {
  return new Float32Array(length).fill(value)
}

/** PyTorch's fan-out of a convolution: output channels times window, also where the convolution is depthwise. */
function fanOut(layer: WeightedLayer): number {
  const window = layer.kind === 'convolution' || layer.kind === 'depthwise' ? layer.kernelSize ** 2 : 1
  return layer.biasLength * window
}

function initialLayer(layer: WeightedLayer, place: number, seed: number): LayerParameters | UnfoldedLayerParameters {
  const random = uniform(seed, place)
  const length = kernelLength(layer)
  const channels = layer.biasLength
  if (!layer.batchNorm) return { kernel: normalValues(length, 0.01, random), bias: fill(channels, 0) }
  return {
    kernel: normalValues(length, Math.sqrt(2 / fanOut(layer)), random),
    gamma: fill(channels, 1),
    beta: fill(channels, 0),
    mean: fill(channels, 0),
    variance: fill(channels, 1),
  }
}

/**
 * A network before its training, as torchvision's `mobilenetv2.py` starts one: convolutions normal with Kaiming's deviation
 * sqrt(2 / fan-out), BatchNorm 1 and 0, the classifier normal with deviation 0.01 and no bias. Equal for equal seeds.
 * @param options.seed an integer; 0 unless given
 * @throws MobileNetV2Error `OPTION` if an option is unknown, or the seed is not an integer
 */
export function initialParameters(
  architecture: Architecture,
  options: { readonly seed?: number | undefined } = {},
): UnfoldedParameters {
  checkOptionNames(options, ['seed'])
  const seed = seedOption(options.seed ?? 0)
  const layers = architecture.layers.filter(isWeighted)
  return new Map(layers.map((layer, place) => [layer.id, initialLayer(layer, place, seed)]))
}

/**
 * Checks that every weighted layer has arrays of its shapes.
 * @throws MobileNetV2Error `PARAMETERS` at the first layer that has none, or has others
 */
export function checkUnfolded(architecture: Architecture, parameters: UnfoldedParameters): void {
  for (const layer of architecture.layers) {
    if (!isWeighted(layer)) continue
    const found = parameters.get(layer.id)
    const expected = `kernel of ${kernelLength(layer)} values, and bias or BatchNorm of ${layer.biasLength}`
    const fits =
      found !== undefined &&
      found.kernel?.length === kernelLength(layer) &&
      (isNormalized(found) ? [found.gamma, found.beta, found.mean, found.variance] : [found.bias]).every(
        (values) => values?.length === layer.biasLength,
      )
    if (fits) continue
    const lengths = Object.entries(found ?? {}).map(([name, values]: [string, Float32Array]) => `${name} of ${values?.length}`)
    throw new MobileNetV2Error('PARAMETERS', 'Parameters do not fit their layer.', {
      where: `layer ${layer.id}`,
      expected,
      got: lengths.join(', ') || 'nothing',
    })
  }
}

/** gamma x (kernel * x - mean) / sqrt(variance + epsilon) + beta as one kernel and bias, in float64. */
function foldLayer({ kernel, gamma, beta, mean, variance }: UnfoldedLayerParameters, epsilon: number): LayerParameters {
  const channels = gamma.length
  const factor = Float64Array.from(gamma, (value, channel) => value / Math.sqrt(variance[channel]! + epsilon))
  return {
    // In every layout the output channel is the last axis.
    kernel: kernel.map((value, index) => value * factor[index % channels]!),
    bias: beta.map((value, channel) => value - mean[channel]! * factor[channel]!),
  }
}

/**
 * The parameters that every backend runs: BatchNorm folded into kernel and bias with the architecture's epsilon, by its running
 * averages.
 * @throws MobileNetV2Error `PARAMETERS` if the arrays do not fit the architecture
 */
export function foldParameters(architecture: Architecture, parameters: UnfoldedParameters): Parameters {
  checkUnfolded(architecture, parameters)
  const { batchNormEpsilon } = architecture
  return new Map(
    [...parameters].map(([id, layer]) => [id, isNormalized(layer) ? foldLayer(layer, batchNormEpsilon) : { ...layer }]),
  )
}

/** Takes a BatchNorm out of a kernel and a bias again. A channel whose gamma is 0 has lost its kernel, and keeps a kernel of 0. */
function unfoldLayer({ kernel, bias }: LayerParameters, batchNorm: BatchNorm, epsilon: number): UnfoldedLayerParameters {
  const { gamma, mean, variance } = batchNorm
  const channels = gamma.length
  const factor = Float64Array.from(gamma, (value, channel) => value / Math.sqrt(variance[channel]! + epsilon))
  return {
    kernel: kernel.map((value, index) => value / (factor[index % channels]! || 1)),
    gamma: gamma.slice(),
    beta: bias.map((value, channel) => value + mean[channel]! * factor[channel]!),
    mean: mean.slice(),
    variance: variance.slice(),
  }
}

/**
 * The inverse of `foldParameters`: parameters that train, of a network that was read. Folded again they are the network's own but for
 * rounding. Layers without an entry in `batchNorms` stay kernel and bias.
 * @throws MobileNetV2Error `PARAMETERS` if the arrays do not fit the architecture
 */
export function unfoldParameters(architecture: Architecture, parameters: Parameters, batchNorms: BatchNorms): UnfoldedParameters {
  checkParameters(architecture, parameters)
  const { batchNormEpsilon } = architecture
  const layers = architecture.layers.filter(isWeighted)
  const unfolded = new Map(
    layers.map((layer) => {
      const own = parametersOf(parameters, layer)
      const batchNorm = batchNorms.get(layer.id)
      return [layer.id, batchNorm === undefined ? own : unfoldLayer(own, batchNorm, batchNormEpsilon)]
    }),
  )
  checkUnfolded(architecture, unfolded)
  return unfolded
}

/** The BatchNorms of parameters, for the network that holds them folded. */
export function batchNormsOf(parameters: UnfoldedParameters): BatchNorms {
  return new Map(
    [...parameters].flatMap(([id, layer]) =>
      isNormalized(layer) ? [[id, { gamma: layer.gamma, mean: layer.mean, variance: layer.variance }]] : [],
    ),
  )
}
