import {
  type Activation,
  type Architecture,
  type ConvolutionLayer,
  type DenseLayer,
  type DepthwiseLayer,
  type GlobalAveragePoolLayer,
  type GlobalMaxPoolLayer,
  isActivation,
  isHeadActivation,
  type Layer,
  MobileNetV2Error,
  type PointwiseLayer,
} from '@mobilenetv2/spec'

/** A dense layer on a vector, with an activation that convolutions have too. */
export interface BodyDenseLayer extends DenseLayer {
  readonly activation: Activation
}

/** A layer that a backend has a kernel for. */
export type BodyLayer = ConvolutionLayer | PointwiseLayer | DepthwiseLayer | GlobalAveragePoolLayer | BodyDenseLayer

/** A network, or the part before its tail, as a backend runs it. */
export interface BodyArchitecture extends Architecture {
  readonly layers: readonly BodyLayer[]
}

/** A layer that runs in plain JavaScript, for all backends without a kernel for it. */
export type TailLayer = GlobalMaxPoolLayer | DenseLayer

function isBody(layer: Layer): layer is BodyLayer {
  if (layer.kind === 'globalMaxPool') return false
  if (layer.kind !== 'dense') return true
  const { height, width } = layer.input
  return height * width === 1 && isActivation(layer.activation)
}

function isTail(layer: Layer): layer is TailLayer {
  return layer.kind === 'globalMaxPool' || (layer.kind === 'dense' && isHeadActivation(layer.activation))
}

/**
 * Cuts a network before the first layer that not every backend has a kernel for: a max pool, a dense layer on a map, or one with an
 * activation of heads alone. Published networks are all body.
 * @throws MobileNetV2Error `BACKEND` if a layer behind the cut can be no part of the tail
 */
export function splitArchitecture(architecture: Architecture): {
  readonly body: BodyArchitecture
  readonly tail: readonly TailLayer[]
} {
  const { layers } = architecture
  const found = layers.findIndex((layer) => !isBody(layer))
  const cut = found < 0 ? layers.length : found
  const refused = layers.slice(cut).find((layer) => !isTail(layer))
  if (refused !== undefined) {
    throw new MobileNetV2Error('BACKEND', 'The backend cannot run a layer here.', {
      where: `layer ${refused.id}`,
      expected: `from ${layers[cut]!.id} on, dense layers with an activation of the definition`,
      got: `${refused.kind}, ${refused.activation}`,
    })
  }
  const body = { ...architecture, layers: layers.slice(0, cut).filter(isBody) }
  return { body, tail: layers.slice(cut).filter(isTail) }
}
