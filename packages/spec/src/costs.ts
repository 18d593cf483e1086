import { type Architecture, isWeighted, type Layer } from './architecture.js'
import { kernelLength } from './parameters.js'

/**
 * Trained parameters of one layer: its kernel, and BatchNorm's scale and shift or the bias. As the papers and PyTorch count:
 * running statistics are not parameters. After folding a layer with BatchNorm has `biasLength` values fewer.
 */
export function parameterCount(layer: Layer): number {
  if (!isWeighted(layer)) return 0
  return kernelLength(layer) + layer.biasLength * (layer.batchNorm ? 2 : 1)
}

/** Trained parameters of the network; 3,504,872 for MobileNetV2 at width 1.0 with 1000 classes. */
export function totalParameters(architecture: Architecture): number {
  return architecture.layers.reduce((total, layer) => total + parameterCount(layer), 0)
}

/** Values in the network's `Parameters`: kernels and biases, BatchNorm folded in. */
export function foldedParameterCount({ layers }: Architecture): number {
  return layers.filter(isWeighted).reduce((total, layer) => total + kernelLength(layer) + layer.biasLength, 0)
}

/** Multiply-adds of the network for one picture; 300,774,272 for MobileNetV2 at width 1.0 and 224 x 224. */
export function totalMultiplyAdds(architecture: Architecture): number {
  return architecture.layers.reduce((total, layer) => total + layer.multiplyAdds, 0)
}
