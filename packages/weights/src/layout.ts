import type { StoredTensor } from './checkpoint.js'

/**
 * The axes of a stored kernel in order, one letter each. H and W are the kernel's height and width, I and O its input and output channels,
 * C the channels of a depthwise kernel, and 1 an axis of length 1. A convolution of PyTorch is `OIHW`, and a depthwise one `C1HW`. P is the
 * input axis of a dense layer that takes a map which was flattened channel by channel, as PyTorch does; with I the map was flattened in the
 * order height, width, channels.
 */
export type Layout = string

/** The layout of each kind of layer in one framework. A dense layer may be stored as a 1 x 1 convolution. */
export interface Layouts {
  readonly convolution: Layout
  readonly pointwise: Layout
  readonly depthwise: Layout
  readonly dense: Layout
}

export const pytorchLayouts: Layouts = { convolution: 'OIHW', pointwise: 'OI11', depthwise: 'C1HW', dense: 'OI' }
export const tensorflowLayouts: Layouts = { convolution: 'HWIO', pointwise: '11IO', depthwise: 'HWC1', dense: 'IO' }
export const tfliteLayouts: Layouts = { convolution: 'OHWI', pointwise: 'O11I', depthwise: '1HWC', dense: 'OI' }

/**
 * The extent of the axis `letter`; null if the tensor has another number of axes than the layout, or an axis `1` of the layout is longer.
 */
export function extentOf(tensor: StoredTensor, layout: Layout, letter: string): number | null {
  const fits =
    tensor.shape.length === layout.length && [...layout].every((axis, index) => axis !== '1' || tensor.shape[index] === 1)
  return fits ? (tensor.shape[layout.indexOf(letter)] ?? null) : null
}
