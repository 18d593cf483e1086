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

/** The parameters of a layer with its BatchNorm. */
export interface UnfoldedLayerParameters extends BatchNorm {
  /** The kernel before BatchNorm, in the layout of the layer's `kernelShape`. */
  readonly kernel: Float32Array
  /** The offset of BatchNorm, `[channels]`. */
  readonly beta: Float32Array
}

/**
 * Parameters that can be trained. A layer has a kernel and its BatchNorm; or it has a kernel and a bias, as the classifier and layers whose
 * BatchNorm is folded. So `Parameters` are `UnfoldedParameters` too.
 */
export type UnfoldedParameters = ReadonlyMap<LayerId, LayerParameters | UnfoldedLayerParameters>

/** The arrays of a layer, with their names. */
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

/** The arrays of a layer that have gradients. */
export function learnedArrays(
  id: LayerId,
  layer: LayerParameters | UnfoldedLayerParameters,
): readonly (readonly [TensorName, Float32Array])[] {
  return namedArrays(id, layer).filter(([name]) => !name.endsWith('.mean') && !name.endsWith('.variance'))
}

function fill(length: number, value: number): Float32Array {
  return new Float32Array(length).fill(value)
}

/** PyTorch's fan-out of a convolution: output channels times window, also for a depthwise convolution. */
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
 * Random parameters for a training from scratch, as in torchvision's `mobilenetv2.py`: kernels of convolutions are normally distributed
 * with the deviation sqrt(2 / fan-out), and BatchNorm has gamma 1 and beta 0. In layers without BatchNorm, such as the classifier, the
 * kernel has the deviation 0.01 and the bias is 0. The same seed gives the same parameters.
 * @param options.seed an integer; 0 unless given
 * @throws MobileNetV2Error `OPTION` if an option is unknown, or the seed is not an integer
 * @example
 * ```ts
 * import { initialParameters } from '@mobilenetv2/tfjs'
 * import { defineMobileNetV2 } from '@mobilenetv2/spec'
 *
 * const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 96, width: 96, classes: 10 })
 * const parameters = initialParameters(architecture, { seed: 1 })
 * ```
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
 * Checks that every layer with weights has arrays of the right lengths.
 * @throws MobileNetV2Error `PARAMETERS` at the first layer that does not
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

/** Folds gamma (kernel * x - mean) / sqrt(variance + epsilon) + beta into one kernel and bias, in float64. */
function foldLayer({ kernel, gamma, beta, mean, variance }: UnfoldedLayerParameters, epsilon: number): LayerParameters {
  const channels = gamma.length
  const factor = Float64Array.from(gamma, (value, channel) => value / Math.sqrt(variance[channel]! + epsilon))
  return {
    // In every layout the last axis is the output channels.
    kernel: kernel.map((value, index) => value * factor[index % channels]!),
    bias: beta.map((value, channel) => value - mean[channel]! * factor[channel]!),
  }
}

/**
 * Folds each BatchNorm into kernel and bias, with its mean and variance and the architecture's epsilon. The result runs on every backend.
 * @throws MobileNetV2Error `PARAMETERS` if the arrays do not fit the architecture
 * @example
 * ```ts
 * import { foldParameters, initialParameters } from '@mobilenetv2/tfjs'
 * import { defineMobileNetV2 } from '@mobilenetv2/spec'
 *
 * const architecture = defineMobileNetV2()
 * const parameters = foldParameters(architecture, initialParameters(architecture))
 * ```
 */
export function foldParameters(architecture: Architecture, parameters: UnfoldedParameters): Parameters {
  checkUnfolded(architecture, parameters)
  const { batchNormEpsilon } = architecture
  return new Map(
    [...parameters].map(([id, layer]) => [id, isNormalized(layer) ? foldLayer(layer, batchNormEpsilon) : { ...layer }]),
  )
}

/** Undoes the folding of a BatchNorm. If the gamma of a channel is 0, its kernel is lost, and stays 0. */
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
 * The inverse of `foldParameters`: separates the BatchNorms of a network from its kernels and biases, so that they can be trained. Folding
 * the result gives the same parameters, apart from rounding. Layers without an entry in `batchNorms` keep kernel and bias.
 * @throws MobileNetV2Error `PARAMETERS` if the arrays do not fit the architecture
 * @example
 * ```ts
 * import { unfoldParameters } from '@mobilenetv2/tfjs'
 * import { readNetwork } from 'mobilenetv2'
 *
 * const { architecture, parameters, batchNorms } = await readNetwork('mobilenet_v2.pth')
 * const unfolded = unfoldParameters(architecture, parameters, batchNorms)
 * ```
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

/** The BatchNorms in unfolded parameters. */
export function batchNormsOf(parameters: UnfoldedParameters): BatchNorms {
  return new Map(
    [...parameters].flatMap(([id, layer]) =>
      isNormalized(layer) ? [[id, { gamma: layer.gamma, mean: layer.mean, variance: layer.variance }]] : [],
    ),
  )
}
