import { type Architecture, isWeighted, type LayerId, type WeightedLayer } from './architecture.js'
import { MobileNetV2Error } from './errors.js'

/** Kernel and bias of one layer, BatchNorm folded in: float32, the kernel in the layout of the layer's `kernelShape`. */
export interface LayerParameters {
  readonly kernel: Float32Array
  readonly bias: Float32Array
}

/** The parameters of every weighted layer, by layer id. */
export type Parameters = ReadonlyMap<LayerId, LayerParameters>

/**
 * What a folded BatchNorm had learned and averaged over its layer's output, each `[channels]`, float32: the kernel has been multiplied by
 * gamma / sqrt(variance + epsilon), with the architecture's epsilon. Beta follows from the bias.
 */
export interface BatchNorm {
  readonly gamma: Float32Array
  readonly mean: Float32Array
  readonly variance: Float32Array
}

/** The BatchNorms that `Parameters` hold folded, by layer id. Training takes them out of kernels and biases again. */
export type BatchNorms = ReadonlyMap<LayerId, BatchNorm>

/** Values in a layer's kernel. */
export function kernelLength(layer: WeightedLayer): number {
  return layer.kernelShape.reduce((product, extent) => product * extent, 1)
}

/**
 * The parameters of one layer, checked against its shapes.
 * @throws MobileNetV2Error `PARAMETERS` if they are missing or of another length.
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

/** Whether a kernel is a getter, as readers of quantised files give it: it is made when something first asks for it. */
function isMadeWhenAsked(parameters: LayerParameters | undefined): boolean {
  return parameters !== undefined && Object.getOwnPropertyDescriptor(parameters, 'kernel')?.get !== undefined
}

/**
 * Checks that every weighted layer has parameters of its shape.
 * @param makesKernels whether kernels that are made when asked are made for that; who computes without them need not wait
 * @throws MobileNetV2Error `PARAMETERS` at the first layer that has none, or has others.
 */
export function checkParameters(architecture: Architecture, parameters: Parameters, makesKernels = true): void {
  for (const layer of architecture.layers) {
    if (isWeighted(layer) && (makesKernels || !isMadeWhenAsked(parameters.get(layer.id)))) parametersOf(parameters, layer)
  }
}
