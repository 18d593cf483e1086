import { type Architecture, isWeighted, type LayerId, type WeightedLayer } from './architecture.js'
import { MobileNetV2Error } from './errors.js'

/** Kernel and bias of one layer, with its BatchNorm folded into them. */
export interface LayerParameters {
  /** In the layout of the layer's `kernelShape`. */
  readonly kernel: Float32Array
  /** `[output channels]` */
  readonly bias: Float32Array
}

/** The parameters of every layer that has a kernel, by layer id. */
export type Parameters = ReadonlyMap<LayerId, LayerParameters>

/**
 * A BatchNorm that was folded into a layer: the kernel was multiplied by gamma / sqrt(variance + epsilon), with the architecture's
 * epsilon. Beta can be computed from these and the bias.
 */
export interface BatchNorm {
  /** The learned scale, `[channels]`. */
  readonly gamma: Float32Array
  /** The running mean of the layer's output, `[channels]`. */
  readonly mean: Float32Array
  /** The running variance of the layer's output, `[channels]`. */
  readonly variance: Float32Array
}

/** The BatchNorms that were folded into `Parameters`, by layer id. Training can unfold them again. */
export type BatchNorms = ReadonlyMap<LayerId, BatchNorm>

/**
 * Number of values in a layer's kernel.
 * @example
 * ```ts
 * import { defineMobileNetV2, isWeighted, kernelLength } from '@mobilenetv2/spec'
 *
 * const [stem] = defineMobileNetV2().layers.filter(isWeighted)
 * kernelLength(stem!) // => 864
 * ```
 */
export function kernelLength(layer: WeightedLayer): number {
  return layer.kernelShape.reduce((product, extent) => product * extent, 1)
}

/**
 * The parameters of one layer, checked against its shapes.
 * @throws MobileNetV2Error `PARAMETERS` if they are missing or have another length
 * @example
 * ```ts
 * import { defineMobileNetV2, isWeighted, type Parameters, parametersOf } from '@mobilenetv2/spec'
 *
 * function biasOfStem(parameters: Parameters): Float32Array {
 *   const [stem] = defineMobileNetV2().layers.filter(isWeighted)
 *   return parametersOf(parameters, stem!).bias
 * }
 * ```
 */
export function parametersOf(parameters: Parameters, layer: WeightedLayer): LayerParameters {
  const found = parameters.get(layer.id)
  const expected = `kernel [${layer.kernelShape.join(', ')}] and bias [${layer.biasLength}]`
  if (found === undefined) {
    throw new MobileNetV2Error('PARAMETERS', 'A layer has no parameters.', { where: `layer ${layer.id}`, expected, got: 'nothing' })
  }
  if (found.kernel.length !== kernelLength(layer) || found.bias.length !== layer.biasLength) {
    throw new MobileNetV2Error('PARAMETERS', 'Parameters do not fit their layer.', {
      where: `layer ${layer.id}`,
      expected: `${expected}: ${kernelLength(layer)} and ${layer.biasLength} values`,
      got: `${found.kernel.length} and ${found.bias.length} values`,
    })
  }
  return found
}

/** Whether a kernel is a getter, which computes it at its first use. Readers of quantised files give such kernels. */
function isLazy(parameters: LayerParameters | undefined): boolean {
  return parameters !== undefined && Object.getOwnPropertyDescriptor(parameters, 'kernel')?.get !== undefined
}

/**
 * Checks that every layer that has a kernel has parameters of its shape. Parameters of layers that the network does not have are ignored.
 * @param makesKernels whether lazy kernels, which readers of quantised files give, are computed and checked too. A backend that computes in
 * integers never uses them.
 * @throws MobileNetV2Error `PARAMETERS` at the first layer whose parameters are missing or have another length
 * @example
 * ```ts
 * import { checkParameters, defineMobileNetV2, type Parameters } from '@mobilenetv2/spec'
 *
 * function checkMine(parameters: Parameters): void {
 *   checkParameters(defineMobileNetV2({ classes: 10 }), parameters)
 * }
 * ```
 */
export function checkParameters(architecture: Architecture, parameters: Parameters, makesKernels = true): void {
  for (const layer of architecture.layers) {
    if (isWeighted(layer) && (makesKernels || !isLazy(parameters.get(layer.id)))) parametersOf(parameters, layer)
  }
}
