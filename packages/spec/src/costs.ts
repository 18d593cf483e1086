import { type Architecture, isWeighted, type Layer } from './architecture.js'
import { kernelLength } from './parameters.js'

/**
 * Number of trained parameters of one layer: its kernel, and either BatchNorm's scale and shift or a bias. As in the papers and in
 * PyTorch, running statistics are not counted.
 * @example
 * ```ts
 * import { defineMobileNetV2, parameterCount } from '@mobilenetv2/spec'
 *
 * const [stem] = defineMobileNetV2().layers
 * parameterCount(stem!) // => 928
 * ```
 */
export function parameterCount(layer: Layer): number {
  if (!isWeighted(layer)) return 0
  return kernelLength(layer) + layer.biasLength * (layer.batchNorm ? 2 : 1)
}

/**
 * Number of trained parameters of a network, as the papers count: see `parameterCount`.
 * @example
 * ```ts
 * import { defineMobileNetV2, totalParameters } from '@mobilenetv2/spec'
 *
 * totalParameters(defineMobileNetV2()) // => 3504872
 * ```
 */
export function totalParameters(architecture: Architecture): number {
  return architecture.layers.reduce((total, layer) => total + parameterCount(layer), 0)
}

/**
 * Number of values in a network's `Parameters`: kernels and biases, with BatchNorm folded into them.
 * @example
 * ```ts
 * import { defineMobileNetV2, foldedParameterCount } from '@mobilenetv2/spec'
 *
 * foldedParameterCount(defineMobileNetV2()) // => 3487816
 * ```
 */
export function foldedParameterCount({ layers }: Architecture): number {
  return layers.filter(isWeighted).reduce((total, layer) => total + kernelLength(layer) + layer.biasLength, 0)
}

/**
 * Multiply-adds of a network for one picture. As in the paper, biases, BatchNorm and activations are not counted.
 * @example
 * ```ts
 * import { defineMobileNetV2, totalMultiplyAdds } from '@mobilenetv2/spec'
 *
 * totalMultiplyAdds(defineMobileNetV2()) // => 300774272
 * ```
 */
export function totalMultiplyAdds(architecture: Architecture): number {
  return architecture.layers.reduce((total, layer) => total + layer.multiplyAdds, 0)
}
