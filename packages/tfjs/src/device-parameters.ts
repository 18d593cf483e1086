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

/** Kernel and bias of one layer as tensors, the kernel in the shape that tfjs takes. */
export interface LayerTensors {
  readonly kernel: tf.Tensor
  readonly bias: tf.Tensor1D
}

/** The tensors of every weighted layer; they stay until they are disposed of, whatever tidy surrounds them. */
export type DeviceParameters = ReadonlyMap<LayerId, LayerTensors>

/** A layer's kernel shape as tfjs's convolutions and products take it. */
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

// Copied, as the cpu backend keeps the array that it is given, and others read it later.
function upload({ kernel, bias }: LayerParameters, layer: WeightedLayer): LayerTensors {
  return { kernel: tf.keep(tf.tensor(kernel.slice(), tensorShape(layer))), bias: tf.keep(tf.tensor1d(bias.slice())) }
}

export function disposeParameters(parameters: DeviceParameters): void {
  for (const { kernel, bias } of parameters.values()) tf.dispose([kernel, bias])
}

/**
 * The parameters of a network on the tfjs backend that is set.
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
