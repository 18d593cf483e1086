import type { Layer, Shape, WeightedLayer } from '@mobilenetv2/spec'
import { givesMap } from '../gives-map.js'

/** The shape of a map in the file. */
export function mapShape({ height, width, channels }: Shape): number[] {
  return [1, height, width, channels]
}

/** The shape of a layer's output in the file. */
export function tensorShape(layer: Layer): number[] {
  return givesMap(layer) ? mapShape(layer.output) : [1, layer.output.channels]
}

/** A kernel in the layout of the file. */
export interface StoredKernel<Values> {
  readonly shape: readonly number[]
  readonly values: Values
  /** The axis of the output channels. */
  readonly axis: number
}

/** Moves the output channel of a kernel from the last axis to the first. */
function outputChannelFirst<Values extends Float32Array | Int8Array>(kernel: Values, channels: number): Values {
  const rows = kernel.length / channels
  const moved = kernel.slice() as Values
  for (let row = 0; row < rows; row++) {
    for (let channel = 0; channel < channels; channel++) moved[channel * rows + row] = kernel[row * channels + channel]!
  }
  return moved
}

/**
 * The kernel of a layer in the layout of TFLite: `[1, height, width, channels]` for a depthwise kernel, output channel first for the
 * others.
 */
export function storedKernel<Values extends Float32Array | Int8Array>(layer: WeightedLayer, kernel: Values): StoredKernel<Values> {
  switch (layer.kind) {
    case 'depthwise':
      return { shape: [1, ...layer.kernelShape], values: kernel, axis: 3 }
    case 'convolution': {
      const [height, width, inputs, outputs] = layer.kernelShape
      return { shape: [outputs, height, width, inputs], values: outputChannelFirst(kernel, outputs), axis: 0 }
    }
    case 'pointwise': {
      const [inputs, outputs] = layer.kernelShape
      return { shape: [outputs, 1, 1, inputs], values: outputChannelFirst(kernel, outputs), axis: 0 }
    }
    case 'dense': {
      const [inputs, outputs] = layer.kernelShape
      return { shape: [outputs, inputs], values: outputChannelFirst(kernel, outputs), axis: 0 }
    }
    default:
      throw new Error(`unknown layer ${layer satisfies never}`)
  }
}
