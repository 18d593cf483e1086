import type { Activation, HeadActivation } from './activations.js'

/** `height`, `width` and `channels` of the activation of one picture. In memory it is always `[batch, height, width, channels]`. */
export interface Shape {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Zeros around the input of a layer: rows at the `top` and `bottom`, columns on the `left` and `right`. */
export interface Padding {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/**
 * The stable name of a layer. Blocks, position layers and hidden dense layers are numbered from 1. A block of MobileNetV1 has
 * `depthwise` and `pointwise`. A block of MobileNetV2 has `expand` (unless its expansion factor is 1), `depthwise` and `project`.
 */
export type LayerId =
  | 'stem'
  | `block${number}.${'expand' | 'depthwise' | 'project' | 'pointwise'}`
  | 'head'
  | `position${number}`
  | 'pool'
  | `dense${number}`
  | 'classifier'

interface LayerBase {
  /** The layer's name, unique in its network. */
  readonly id: LayerId
  /** The block (inverted residual in V2, depthwise separable in V1) that the layer belongs to, from 1; null outside of blocks. */
  readonly block: number | null
  /** The shape that the layer takes: the output of the layer before it. */
  readonly input: Shape
  /** The shape that the layer gives. */
  readonly output: Shape
  /** The layer whose output is added to this one's: activation(layer(input)) + output of `residual`. Null without a shortcut. */
  readonly residual: LayerId | null
  /** Multiply-adds for one picture. As in the paper, biases and activations are not counted. */
  readonly multiplyAdds: number
}

interface Weighted {
  /** Whether the layer is trained with BatchNorm and without a bias. `Parameters` hold BatchNorm folded into kernel and bias. */
  readonly batchNorm: boolean
  /** Length of the bias, which is the number of output channels. */
  readonly biasLength: number
}

interface Activated {
  /** Applied to the layer's sums, before a residual is added. */
  readonly activation: Activation
}

interface Windowed {
  /** Height and width of the kernel. */
  readonly kernelSize: number
  /** The number of rows and columns of the input from one output position to the next. */
  readonly stride: number
  /** Zeros around the input. */
  readonly padding: Padding
}

/** A full convolution. Its `kernelShape` is `[kernel height, kernel width, input channels, output channels]`. */
export interface ConvolutionLayer extends LayerBase, Activated, Weighted, Windowed {
  readonly kind: 'convolution'
  readonly kernelShape: readonly [number, number, number, number]
}

/** A 1 x 1 convolution: expansion, projection, head or position layer. Its `kernelShape` is `[input channels, output channels]`. */
export interface PointwiseLayer extends LayerBase, Activated, Weighted {
  readonly kind: 'pointwise'
  readonly kernelShape: readonly [number, number]
}

/** A depthwise convolution: one filter for each channel. Its `kernelShape` is `[kernel height, kernel width, channels]`. */
export interface DepthwiseLayer extends LayerBase, Activated, Weighted, Windowed {
  readonly kind: 'depthwise'
  readonly kernelShape: readonly [number, number, number]
}

/** A pool that takes the mean over height and width. */
export interface GlobalAveragePoolLayer extends LayerBase, Activated {
  readonly kind: 'globalAveragePool'
}

/** A pool that takes the maximum over height and width. */
export interface GlobalMaxPoolLayer extends LayerBase {
  readonly kind: 'globalMaxPool'
  readonly activation: 'linear'
}

/**
 * A fully connected layer with an `activation`. Its `kernelShape` is `[input features, output features]`. An input of more than one
 * position is flattened in the order of memory: height, width, channels.
 */
export interface DenseLayer extends LayerBase, Weighted {
  readonly kind: 'dense'
  readonly activation: HeadActivation
  readonly kernelShape: readonly [number, number]
}

/** Any layer that has a kernel and a bias. */
export type WeightedLayer = ConvolutionLayer | PointwiseLayer | DepthwiseLayer | DenseLayer

/** One step of a network. A backend that runs every kind of layer runs every network. */
export type Layer = WeightedLayer | GlobalAveragePoolLayer | GlobalMaxPoolLayer

/** Every `PaddingConvention`. */
export const paddingConventions = ['symmetric', 'same'] as const

/**
 * The framework whose padding a strided convolution has. `symmetric` puts (kernelSize - 1) / 2 zeros on every side, as PyTorch does.
 * `same` is TensorFlow's SAME: if an axis needs an odd number of zeros, the bottom or right side gets one more.
 */
export type PaddingConvention = (typeof paddingConventions)[number]

/** A network, expanded from its table into a flat list of layers in the order in which they run. */
export interface Architecture {
  /** The paper that defines the blocks. */
  readonly family: 'MobileNetV1' | 'MobileNetV2'
  /** The shape of one picture, with 3 channels: red, green, blue. */
  readonly input: Shape
  /** Length of the logits; 0 if the network has no classifier and ends with its pooled features. */
  readonly classes: number
  /** How the strided convolutions are padded. The zeros themselves stand in each layer. */
  readonly padding: PaddingConvention
  /** The epsilon of every BatchNorm, which folding adds to the variance. */
  readonly batchNormEpsilon: number
  /** Each layer takes the output of the one before it. The first one takes the picture. */
  readonly layers: readonly Layer[]
}

/**
 * Number of values in one picture of a network's input: height x width x channels.
 * @example
 * ```ts
 * import { defineMobileNetV2, inputLength } from '@mobilenetv2/spec'
 *
 * inputLength(defineMobileNetV2()) // => 150528
 * ```
 */
export function inputLength({ input: { height, width, channels } }: Pick<Architecture, 'input'>): number {
  return height * width * channels
}

/**
 * Whether a layer has a kernel and a bias.
 * @example
 * ```ts
 * import { defineMobileNetV2, isWeighted } from '@mobilenetv2/spec'
 *
 * defineMobileNetV2().layers.filter(isWeighted).length // => 53
 * ```
 */
export function isWeighted<Each extends Layer>(layer: Each): layer is Extract<Each, WeightedLayer> {
  return layer.kind !== 'globalAveragePool' && layer.kind !== 'globalMaxPool'
}
