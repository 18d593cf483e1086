import type { Shape, WeightedLayer } from '@mobilenetv2/spec'
import type { StoredTensor } from './checkpoint.js'
import { CheckpointError } from './checkpoint-error.js'

/**
 * The axes of a stored kernel in order, one letter each: H and W the kernel's height and width, I and O its input and output
 * channels, C a depthwise kernel's channels, 1 an axis of one. PyTorch's convolution is `OIHW`, its depthwise `C1HW`. P is the input
 * axis of a dense layer that takes a map which was flattened channel by channel, as PyTorch does; I is one in the order of height,
 * width, channels.
 */
export type Layout = string

/** How one framework stores the kernels of each kind of layer; a dense layer may be stored as a 1 x 1 convolution. */
export interface Layouts {
  readonly convolution: Layout
  readonly pointwise: Layout
  readonly depthwise: Layout
  readonly dense: Layout
}

export const pytorchLayouts: Layouts = { convolution: 'OIHW', pointwise: 'OI11', depthwise: 'C1HW', dense: 'OI' }
export const tensorflowLayouts: Layouts = { convolution: 'HWIO', pointwise: '11IO', depthwise: 'HWC1', dense: 'IO' }
export const tfliteLayouts: Layouts = { convolution: 'OHWI', pointwise: 'O11I', depthwise: '1HWC', dense: 'OI' }

/** The axes of `kernelShape` in the definition, by kind of layer; the last one is the output channel. */
const canonicalAxes: Readonly<Record<WeightedLayer['kind'], string>> = {
  convolution: 'HWIO',
  pointwise: 'IO',
  depthwise: 'HWC',
  dense: 'IO',
}

/** The layer's kernel shape as a file with this layout stores it. */
export function storedShape(layer: WeightedLayer, layout: Layout): number[] {
  const axes = canonicalAxes[layer.kind]
  return [...layout].map((axis) => layer.kernelShape[axes.indexOf(axis === 'P' ? 'I' : axis)] ?? 1)
}

/** The extent of the axis `letter`; null if the tensor's rank is not that of the layout, or an axis `1` of the layout has another extent. */
export function extentOf(tensor: StoredTensor, layout: Layout, letter: string): number | null {
  const fits =
    tensor.shape.length === layout.length && [...layout].every((axis, index) => axis !== '1' || tensor.shape[index] === 1)
  return fits ? (tensor.shape[layout.indexOf(letter)] ?? null) : null
}

/** Steps, in stored values, from one index to the next along each canonical axis. */
export interface CanonicalStrides {
  /** All axes but the output channel, outermost first. */
  readonly outer: readonly { readonly extent: number; readonly stride: number }[]
  readonly channels: number
  readonly channelStride: number
}

/** The axes of a map, height, width and channels, in an axis of a kernel that has it channel by channel. */
function mapAxes({ height, width, channels }: Shape, stride: number): CanonicalStrides['outer'] {
  return [
    { extent: height, stride: width * stride },
    { extent: width, stride },
    { extent: channels, stride: height * width * stride },
  ]
}

/**
 * How to walk a stored kernel in the definition's order.
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
    // The kernel of one channel is read three times.
    stride: grey && axis === 'I' ? 0 : strideOf(axis),
  }))
  const channel = axes.at(-1)!
  const outer = layout.includes('P') ? mapAxes(layer.input, strideOf('P')) : axes.slice(0, -1)
  return { outer, channels: channel.extent, channelStride: channel.stride }
}

/** The place of the output channel among the stored axes. */
export function channelAxis(layer: WeightedLayer, layout: Layout): number {
  return layout.indexOf(canonicalAxes[layer.kind].at(-1)!)
}
