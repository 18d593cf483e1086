import type { Shape, WeightedLayer } from '@mobilenetv2/spec'
import type { StoredTensor } from './checkpoint.js'
import { CheckpointError } from './checkpoint-error.js'
import type { Layout } from './layout.js'

/** The axes of `kernelShape` for each kind of layer. The last one is the output channel. */
const canonicalAxes: Readonly<Record<WeightedLayer['kind'], string>> = {
  convolution: 'HWIO',
  pointwise: 'IO',
  depthwise: 'HWC',
  dense: 'IO',
}

/** The shape of a layer's kernel in a file with this layout. */
export function storedShape(layer: WeightedLayer, layout: Layout): number[] {
  const axes = canonicalAxes[layer.kind]
  return [...layout].map((axis) => layer.kernelShape[axes.indexOf(axis === 'P' ? 'I' : axis)] ?? 1)
}

/** The distance, in stored values, from one index to the next along each axis of the definition. */
export interface CanonicalStrides {
  /** All axes except the output channel, the outermost first. */
  readonly outer: readonly { readonly extent: number; readonly stride: number }[]
  readonly channels: number
  readonly channelStride: number
}

/** The axes height, width and channels of a map that the file stores in one axis, channel by channel. */
function mapAxes({ height, width, channels }: Shape, stride: number): CanonicalStrides['outer'] {
  return [
    { extent: height, stride: width * stride },
    { extent: width, stride },
    { extent: channels, stride: height * width * stride },
  ]
}

/**
 * The strides by which a stored kernel is read in the axis order of the definition.
 * @throws CheckpointError if the stored shape is not the layer's
 */
export function canonicalStrides(tensor: StoredTensor, layer: WeightedLayer, layout: Layout): CanonicalStrides {
  const grey = layer.id === 'stem' && tensor.shape[layout.indexOf('I')] === 1
  const expected = storedShape(layer, layout).map((extent, index) => (grey && layout[index] === 'I' ? 1 : extent))
  if (expected.length !== tensor.shape.length || expected.some((extent, index) => extent !== tensor.shape[index])) {
    throw new CheckpointError(`A tensor does not have the shape of the layer ${layer.id}.`, {
      tensor: tensor.name,
      expected: `[${expected.join(', ')}]`,
      got: `[${tensor.shape.join(', ')}]`,
    })
  }
  const strideOf = (axis: string): number =>
    expected.slice(layout.indexOf(axis) + 1).reduce((product, extent) => product * extent, 1)
  const axes = [...canonicalAxes[layer.kind]].map((axis, index) => ({
    extent: layer.kernelShape[index]!,
    // The stored kernel has one channel, which is read three times.
    stride: grey && axis === 'I' ? 0 : strideOf(axis),
  }))
  const channel = axes.at(-1)!
  const outer = layout.includes('P') ? mapAxes(layer.input, strideOf('P')) : axes.slice(0, -1)
  return { outer, channels: channel.extent, channelStride: channel.stride }
}

/** The index of the output channel among the stored axes. */
export function channelAxis(layer: WeightedLayer, layout: Layout): number {
  return layout.indexOf(canonicalAxes[layer.kind].at(-1)!)
}
