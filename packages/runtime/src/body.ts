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

/** A layer that every backend has a kernel for. */
export type BodyLayer = ConvolutionLayer | PointwiseLayer | DepthwiseLayer | GlobalAveragePoolLayer | BodyDenseLayer

/** A network without its tail, which is all that a backend compiles. */
export interface BodyArchitecture extends Architecture {
  readonly layers: readonly BodyLayer[]
}

/** A layer that runs in JavaScript. Published networks have none. */
export type TailLayer = GlobalMaxPoolLayer | DenseLayer

function isBody(layer: Layer): layer is BodyLayer {
  if (layer.kind === 'globalMaxPool') return false
  if (layer.kind !== 'dense') return true
  const { height, width } = layer.input
  return height * width === 1 && isActivation(layer.activation)
}

function isTail(layer: Layer): layer is TailLayer {
  if (layer.residual !== null) return false
  return layer.kind === 'globalMaxPool' || (layer.kind === 'dense' && isHeadActivation(layer.activation))
}

/**
 * Cuts a network before its first max pool, dense layer on a map of more than one position, or dense layer with an activation that
 * convolutions do not have. All layers from the cut on are the tail.
 * @throws MobileNetV2Error `BACKEND` if a layer of the tail is neither a max pool nor a dense layer, has a residual, or has an unknown
 * activation
 */
export function splitArchitecture({ layers, ...rest }: Architecture): {
  readonly body: BodyArchitecture
  readonly tail: readonly TailLayer[]
} {
  const body: BodyLayer[] = []
  const tail: TailLayer[] = []
  for (const layer of layers) {
    if (tail.length === 0 && isBody(layer)) body.push(layer)
    else if (isTail(layer)) tail.push(layer)
    else {
      throw new MobileNetV2Error('BACKEND', 'No backend can run a layer at this place.', {
        where: `layer ${layer.id}`,
        expected: 'a max pool, or a dense layer with a known activation, without a residual',
        got: [layer.kind, layer.activation, layer.residual === null ? 'no residual' : `residual ${layer.residual}`].join(', '),
      })
    }
  }
  return { body: { ...rest, layers: body }, tail }
}
