import {
  type Architecture,
  defineMobileNetV2,
  foldedParameterCount,
  isWeighted,
  kernelLength,
  type Parameters,
} from '@mobilenetv2/spec'
import { toOnnx } from '@mobilenetv2/weights'

/** The network as an ONNX model. Its input is `[batch, height, width, 3]`. It has the output `features` if the network has a pool. */
export function modelOf(architecture: Architecture, parameters: Parameters): Uint8Array<ArrayBuffer> {
  const features = architecture.layers.some(({ id }) => id === 'pool')
  return toOnnx({ architecture, parameters }, { layout: 'channelsLast', features })
}

/** A small network with every kind of layer, for finding out whether a provider can run them. */
export function probeModel(): Uint8Array<ArrayBuffer> {
  const architecture = defineMobileNetV2({
    table: [[1, 8, 2, 1]],
    height: 8,
    width: 8,
    stemChannels: 8,
    headChannels: 8,
    classes: 8,
  })
  const weighted = architecture.layers.filter(isWeighted)
  const parameters: Parameters = new Map(
    weighted.map((layer) => [
      layer.id,
      { kernel: new Float32Array(kernelLength(layer)), bias: new Float32Array(layer.biasLength) },
    ]),
  )
  return modelOf(architecture, parameters)
}

/** Bytes of an architecture's parameters as float32. */
export const weightBytes = (architecture: Architecture): number =>
  foldedParameterCount(architecture) * Float32Array.BYTES_PER_ELEMENT
