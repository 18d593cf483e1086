import { type BodyArchitecture, type BodyDenseLayer, type BodyLayer, roundUp } from '@mobilenetv2/runtime'
import type { ConvolutionLayer, DepthwiseLayer, GlobalAveragePoolLayer, LayerId, PointwiseLayer } from '@mobilenetv2/spec'
import {
  type ConvolutionShape,
  channelBlock,
  type DepthwiseShape,
  type Kernel,
  type PointwiseShape,
  type PoolShape,
  type WindowShape,
} from './kernel.js'

type Weighted = Exclude<BodyLayer, GlobalAveragePoolLayer>

/** One kernel and the layers that it runs, first to last. */
export interface Step {
  readonly kernel: Kernel
  readonly layers: readonly BodyLayer[]
  /** The layer whose output is added to the step's. */
  readonly residual: LayerId | null
}

/**
 * From this width of the map on, strips of whole blocks are faster: their rows stay in the cache, and the weights, which are read
 * anew for each strip, are few. Narrower maps are faster with the weights of 8 channels held in the cache while all pixels pass.
 */
const narrowestStrip = 28
/** Expanded rows that a strip makes anew; more of them take more memory and gain nothing. */
const rowsMadeByStrip = 2

/** Floats of one pixel of a layer's output. */
export function paddedChannels(channels: number): number {
  return roundUp(channels, channelBlock)
}

/** Floats of one pixel of the picture in memory: unpadded where the first layer can read it so. */
export function pictureChannels({ input, layers }: BodyArchitecture): number {
  const kind = layers[0]?.kind
  return kind === 'convolution' || kind === 'pointwise' ? input.channels : paddedChannels(input.channels)
}

function windowShape(layer: ConvolutionLayer | DepthwiseLayer, channels: number): WindowShape {
  return {
    kernelSize: layer.kernelSize,
    stride: layer.stride,
    top: layer.padding.top,
    left: layer.padding.left,
    inputHeight: layer.input.height,
    inputWidth: layer.input.width,
    outputHeight: layer.output.height,
    outputWidth: layer.output.width,
    channels,
  }
}

function productShape(layer: Weighted, pixels: number, inputs: number, inputStride: number): PointwiseShape {
  return {
    pixels,
    inputs,
    inputStride,
    outputs: paddedChannels(layer.output.channels),
    activation: layer.activation,
    addsResidual: layer.residual !== null,
  }
}

function depthwiseShape(layer: DepthwiseLayer): DepthwiseShape {
  const channels = paddedChannels(layer.input.channels)
  return { ...windowShape(layer, channels), activation: layer.activation, addsResidual: layer.residual !== null }
}

function convolutionShape(layer: ConvolutionLayer, inputStride: number): ConvolutionShape {
  const window = windowShape(layer, inputStride)
  const products = layer.kernelSize * layer.kernelSize * inputStride
  return { window, product: productShape(layer, layer.output.width, products, products) }
}

function poolShape({ input, activation, residual }: GlobalAveragePoolLayer): PoolShape {
  return {
    height: input.height,
    width: input.width,
    channels: paddedChannels(input.channels),
    activation,
    addsResidual: residual !== null,
  }
}

function pointwiseRowShape(layer: PointwiseLayer, inputStride: number): PointwiseShape {
  return productShape(layer, layer.output.width, layer.input.channels, inputStride)
}

function singleKernel(layer: BodyLayer, inputStride: number): Kernel {
  switch (layer.kind) {
    case 'convolution':
      return { kind: 'convolution', convolution: convolutionShape(layer, inputStride) }
    case 'depthwise':
      return { kind: 'depthwise', depthwise: depthwiseShape(layer) }
    case 'globalAveragePool':
      return { kind: 'globalAveragePool', pool: poolShape(layer) }
    case 'pointwise':
      if (layer.output.width >= narrowestStrip) {
        return { kind: 'pointwiseRows', rows: layer.output.height, product: pointwiseRowShape(layer, inputStride) }
      }
      return blocksKernel(layer, inputStride)
    case 'dense':
      return blocksKernel(layer, inputStride)
    default:
      return layer satisfies never
  }
}

function blocksKernel(layer: PointwiseLayer | BodyDenseLayer, inputStride: number): Kernel {
  const pixels = layer.output.height * layer.output.width
  return { kind: 'pointwiseBlocks', product: productShape(layer, pixels, layer.input.channels, inputStride) }
}

/** The strips that begin with `layers[0]`, where they can be and pay; `added` are the layers whose output another adds. */
function stripsStep(layers: readonly BodyLayer[], inputStride: number, added: ReadonlySet<LayerId>): Step | null {
  const expansion = layers[0]?.kind === 'pointwise' || layers[0]?.kind === 'convolution' ? layers[0] : null
  const [depthwise, projection] = expansion === null ? layers : layers.slice(1)
  if (depthwise?.kind !== 'depthwise' || projection?.kind !== 'pointwise') return null
  if (depthwise.input.width < narrowestStrip) return null
  const inner: readonly Weighted[] = expansion === null ? [depthwise] : [expansion, depthwise]
  if (inner.some((layer) => layer.residual !== null || added.has(layer.id))) return null
  const expansionShape =
    expansion === null
      ? null
      : expansion.kind === 'convolution'
        ? convolutionShape(expansion, inputStride)
        : pointwiseRowShape(expansion, inputStride)
  const kernel: Kernel = {
    kind: 'strips',
    rows: Math.max(1, Math.floor(rowsMadeByStrip / depthwise.stride)),
    expansion: expansionShape,
    depthwise: depthwiseShape(depthwise),
    projection: pointwiseRowShape(projection, paddedChannels(depthwise.output.channels)),
  }
  return { kernel, layers: [...inner, projection], residual: projection.residual }
}

/** A narrow map's expansion and depthwise convolution, where `layers` begins with them and no other reads the expanded tensor. */
function expandedDepthwiseStep(layers: readonly BodyLayer[], inputStride: number, added: ReadonlySet<LayerId>): Step | null {
  const [expansion, depthwise] = layers
  if (expansion?.kind !== 'pointwise' || depthwise?.kind !== 'depthwise') return null
  if (expansion.output.width >= narrowestStrip || expansion.residual !== null || added.has(expansion.id)) return null
  const pixels = expansion.output.height * expansion.output.width
  const kernel: Kernel = {
    kind: 'expandedDepthwise',
    expansion: productShape(expansion, pixels, expansion.input.channels, inputStride),
    depthwise: depthwiseShape(depthwise),
  }
  return { kernel, layers: [expansion, depthwise], residual: depthwise.residual }
}

/** The kernels that run an architecture, in order; the choice between them follows from sizes alone. */
export function planSteps(architecture: BodyArchitecture): Step[] {
  const { layers } = architecture
  const added = new Set(layers.flatMap((layer) => layer.residual ?? []))
  const steps: Step[] = []
  let stride = pictureChannels(architecture)
  for (let index = 0; index < layers.length; ) {
    const layer = layers[index]!
    const rest = layers.slice(index, index + 3)
    const step = stripsStep(rest, stride, added) ??
      expandedDepthwiseStep(rest, stride, added) ?? {
        kernel: singleKernel(layer, stride),
        layers: [layer],
        residual: layer.residual,
      }
    steps.push(step)
    index += step.layers.length
    stride = paddedChannels(step.layers.at(-1)!.output.channels)
  }
  return steps
}
