import type { Activation, HeadActivation } from './activations.js'

/** Height, width and channels of one picture's activation; in memory always `[batch, height, width, channels]`. */
export interface Shape {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Rows and columns of zeros around a layer's input. */
export interface Padding {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/**
 * A layer's stable name. Blocks, position layers and hidden dense layers are numbered from 1. A V1 block has `depthwise` and
 * `pointwise`; a V2 block has `expand`, `depthwise` and `project`.
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
  readonly id: LayerId
  /** The block (inverted residual in V2, depthwise separable in V1) that the layer belongs to, from 1; null outside of blocks. */
  readonly block: number | null
  readonly input: Shape
  readonly output: Shape
  /** The layer whose output is added: output = activation(layer(input)) + output of `residual`. */
  readonly residual: LayerId | null
  /** Multiply-adds for one picture, biases and activations not counted, as the paper counts. */
  readonly multiplyAdds: number
}

interface Weighted {
  /** Whether the layer is trained with BatchNorm in place of a bias. `Parameters` always hold it folded into kernel and bias. */
  readonly batchNorm: boolean
  /** Length of the bias: the output channels. */
  readonly biasLength: number
}

interface Activated {
  readonly activation: Activation
}

interface Windowed {
  readonly kernelSize: number
  readonly stride: number
  readonly padding: Padding
}

/** A full convolution; kernel `[kernel height, kernel width, input channels, output channels]`. */
export interface ConvolutionLayer extends LayerBase, Activated, Weighted, Windowed {
  readonly kind: 'convolution'
  readonly kernelShape: readonly [number, number, number, number]
}

/** A 1 x 1 convolution (expansion, projection, head, position layer); kernel `[input channels, output channels]`. */
export interface PointwiseLayer extends LayerBase, Activated, Weighted {
  readonly kind: 'pointwise'
  readonly kernelShape: readonly [number, number]
}

/** A depthwise convolution, one filter a channel; kernel `[kernel height, kernel width, channels]`. */
export interface DepthwiseLayer extends LayerBase, Activated, Weighted, Windowed {
  readonly kind: 'depthwise'
  readonly kernelShape: readonly [number, number, number]
}

/** The mean over height and width. */
export interface GlobalAveragePoolLayer extends LayerBase, Activated {
  readonly kind: 'globalAveragePool'
}

/** The maximum over height and width. */
export interface GlobalMaxPoolLayer extends LayerBase {
  readonly kind: 'globalMaxPool'
  readonly activation: 'linear'
}

/**
 * A fully connected layer; kernel `[input features, output features]`. An input of more than one position is flattened in the order of
 * memory: height, width, channels.
 */
export interface DenseLayer extends LayerBase, Weighted {
  readonly kind: 'dense'
  readonly activation: HeadActivation
  readonly kernelShape: readonly [number, number]
}

/** A layer with a kernel and a bias. */
export type WeightedLayer = ConvolutionLayer | PointwiseLayer | DepthwiseLayer | DenseLayer

/** One step of a network. A backend walks the list and needs to know nothing about families, width multipliers or papers. */
export type Layer = WeightedLayer | GlobalAveragePoolLayer | GlobalMaxPoolLayer

/** Both conventions of padding. */
export const paddingConventions = ['symmetric', 'same'] as const

/**
 * Which framework's convention the zeros around a strided convolution follow: `symmetric` pads (k - 1) / 2 on every side as
 * PyTorch does; `same` is TensorFlow's SAME, which puts the odd row and column at the bottom and on the right.
 */
export type PaddingConvention = (typeof paddingConventions)[number]

/** A network, expanded from its table into a flat list of layers in the order in which they run. */
export interface Architecture {
  readonly family: 'MobileNetV1' | 'MobileNetV2'
  /** Height, width and channels (3: red, green, blue) of one picture. */
  readonly input: Shape
  /** Length of the logits; 0 if the network has no classifier and ends with its pooled features. */
  readonly classes: number
  readonly padding: PaddingConvention
  /** What is added to the variance before its square root, when BatchNorm is folded. */
  readonly batchNormEpsilon: number
  readonly layers: readonly Layer[]
}

/** Values in one picture of a network's input: height x width x channels. */
export function inputLength({ input: { height, width, channels } }: Pick<Architecture, 'input'>): number {
  return height * width * channels
}

/** Whether a layer has a kernel and a bias. */
export function isWeighted<Each extends Layer>(layer: Each): layer is Extract<Each, WeightedLayer> {
  return layer.kind !== 'globalAveragePool' && layer.kind !== 'globalMaxPool'
}
