import {
  type Architecture,
  checkOptionNames,
  isWeighted,
  kernelLength,
  type LayerId,
  type LayerParameters,
  MobileNetV2Error,
  type Parameters,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import { seedOption } from '../option-checks.js'
import { normalValues, uniform } from './random.js'

/** A layer as it trains: its kernel in the layout of `kernelShape`, and what BatchNorm learns and has averaged, each `[channels]`. */
export interface UnfoldedLayerParameters {
  readonly kernel: Float32Array
  readonly gamma: Float32Array
  readonly beta: Float32Array
  readonly mean: Float32Array
  readonly variance: Float32Array
}

/**
 * Parameters that can be trained. A layer has its BatchNorm beside the kernel, or kernel and bias only: the classifier, and layers
 * whose BatchNorm was folded before, which go on training as they are. So `Parameters` are `UnfoldedParameters` too.
 */
export type UnfoldedParameters = ReadonlyMap<LayerId, LayerParameters | UnfoldedLayerParameters>

/** The names of a layer's arrays, in the order in which they are kept. */
export const normalizedNames = ['kernel', 'gamma', 'beta', 'mean', 'variance'] as const
export const biasedNames = ['kernel', 'bias'] as const

/** Whether a layer has its BatchNorm beside the kernel. */
export function isNormalized(layer: LayerParameters | UnfoldedLayerParameters): layer is UnfoldedLayerParameters {
  return 'gamma' in layer
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
    const lengths = Object.entries(found ?? {}).map(([name, values]: [string, Float32Array]) => `${name} of ${values.length}`)
    const fits =
      found !== undefined &&
      found.kernel.length === kernelLength(layer) &&
      (isNormalized(found) ? [found.gamma, found.beta, found.mean, found.variance] : [found.bias]).every(
        (values) => values.length === layer.biasLength,
      )
    if (fits) continue
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
