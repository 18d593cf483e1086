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

/** A dense layer on a vector `[1, 1, channels]`, with an activation that convolutions have too. */
export interface BodyDenseLayer extends DenseLayer {
  /** One of the activations of convolutions. */
  readonly activation: Activation
}

/** A layer that every backend has a kernel for. */
export type BodyLayer = ConvolutionLayer | PointwiseLayer | DepthwiseLayer | GlobalAveragePoolLayer | BodyDenseLayer

/** A network without its tail. A backend compiles this part only. */
export interface BodyArchitecture extends Architecture {
  /** The layers before the cut. */
  readonly layers: readonly BodyLayer[]
}

function isBody(layer: Layer): layer is BodyLayer {
  if (layer.kind === 'globalMaxPool') return false
  if (layer.kind !== 'dense') return true
  const { height, width } = layer.input
  return height * width === 1 && isActivation(layer.activation)
}

/**
 * Cuts a network into a body, which a backend compiles, and a tail, which `withTail` runs in JavaScript. The cut is before the first max
 * pool, dense layer on a map of more than one position, or dense layer with an activation that convolutions do not have. Published networks
 * have no tail.
 * @example
 * ```ts
 * import { splitArchitecture } from '@mobilenetv2/runtime'
 * import { defineMobileNetV2 } from '@mobilenetv2/spec'
 *
 * const { body, tail } = splitArchitecture(defineMobileNetV2({ pool: 'max', classes: 5 }))
 * console.log(body.layers.length, tail.map(({ id }) => id))
 * ```
 */
export function splitArchitecture({ layers, ...rest }: Architecture): {
  readonly body: BodyArchitecture
  readonly tail: readonly Layer[]
} {
  const found = layers.findIndex((layer) => !isBody(layer))
  const cut = found < 0 ? layers.length : found
  return { body: { ...rest, layers: layers.slice(0, cut).filter(isBody) }, tail: layers.slice(cut) }
}
