import { type DenseLayer, isWeighted, type Layer } from '@mobilenetv2/spec'

/**
 * Whether the output of a layer has height and width in the files that this project writes. The outputs of pools and dense layers are
 * vectors, `[batch, channels]`.
 */
export function givesMap(layer: Layer): boolean {
  return isWeighted(layer) && layer.kind !== 'dense'
}

/**
 * Whether a layer is dense and its input has height and width in the file, even if it has one position. `before` is the layer before it.
 */
export function flattens(layer: Layer, before: Layer | undefined): layer is DenseLayer {
  return layer.kind === 'dense' && (before === undefined || givesMap(before))
}
