import {
  type Activation,
  type Architecture,
  type ConvolutionLayer,
  type DenseLayer,
  type DepthwiseLayer,
  type GlobalAveragePoolLayer,
  isActivation,
  type Layer,
  type PointwiseLayer,
} from '@mobilenetv2/spec'

/** A dense layer on a vector, with an activation that convolutions have too. */
export interface BodyDenseLayer extends DenseLayer {
  readonly activation: Activation
}

/** A layer that every backend has a kernel for. */
export type BodyLayer = ConvolutionLayer | PointwiseLayer | DepthwiseLayer | GlobalAveragePoolLayer | BodyDenseLayer

/** A network without its tail, which is all that a backend compiles. */
export interface BodyArchitecture extends Architecture {
  readonly layers: readonly BodyLayer[]
}

function isBody(layer: Layer): layer is BodyLayer {
  if (layer.kind === 'globalMaxPool') return false
  if (layer.kind !== 'dense') return true
  const { height, width } = layer.input
  return height * width === 1 && isActivation(layer.activation)
}

/**
 * Cuts a network before its first max pool, dense layer on a map of more than one position, or dense layer with an activation that
 * convolutions do not have. All layers from the cut on are the tail.
 */
export function splitArchitecture({ layers, ...rest }: Architecture): {
  readonly body: BodyArchitecture
  readonly tail: readonly Layer[]
} {
  const found = layers.findIndex((layer) => !isBody(layer))
  const cut = found < 0 ? layers.length : found
  return { body: { ...rest, layers: layers.slice(0, cut).filter(isBody) }, tail: layers.slice(cut) }
}
