import {
  type Architecture,
  checkParameters,
  isWeighted,
  type LayerId,
  type LayerParameters,
  type Parameters,
  parametersOf,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { refuseLayer } from './unknown.js'

/** Kernel and bias of one layer as tensors. The kernel has the shape that tfjs takes. */
export interface LayerTensors {
  readonly kernel: tf.Tensor
  readonly bias: tf.Tensor1D
}

/** The tensors of every weighted layer. No tidy disposes of them; `disposeParameters` does. */
export type DeviceParameters = ReadonlyMap<LayerId, LayerTensors>

/** The shape of a layer's kernel as tfjs's convolutions and matrix products take it. */
export function tensorShape(layer: WeightedLayer): number[] {
  switch (layer.kind) {
    case 'convolution':
      return [...layer.kernelShape]
    case 'pointwise':
      return [1, 1, ...layer.kernelShape]
    case 'depthwise':
      return [...layer.kernelShape, 1]
    case 'dense':
      return [...layer.kernelShape]
    default:
      return refuseLayer(layer satisfies never)
  }
}

// The arrays are copied, because the cpu backend keeps the array that it is given, and other backends read it later.
function upload({ kernel, bias }: LayerParameters, layer: WeightedLayer): LayerTensors {
  return { kernel: tf.keep(tf.tensor(kernel.slice(), tensorShape(layer))), bias: tf.keep(tf.tensor1d(bias.slice())) }
}

export function disposeParameters(parameters: DeviceParameters): void {
  for (const { kernel, bias } of parameters.values()) tf.dispose([kernel, bias])
}

/**
 * Uploads the parameters of a network to the current backend of TensorFlow.js.
 * @throws MobileNetV2Error `PARAMETERS` if they do not fit the architecture, before anything is uploaded
 */
export function uploadParameters(architecture: Architecture, parameters: Parameters): DeviceParameters {
  checkParameters(architecture, parameters)
  const uploaded = new Map<LayerId, LayerTensors>()
  try {
    for (const layer of architecture.layers) {
      if (isWeighted(layer)) uploaded.set(layer.id, upload(parametersOf(parameters, layer), layer))
    }
    return uploaded
  } catch (error) {
    disposeParameters(uploaded)
    throw error
  }
}
