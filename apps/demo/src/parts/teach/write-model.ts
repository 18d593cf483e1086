import { type Head, toOnnx, toSafetensors, toTfjs, toTflite, withHead } from '@mobilenetv2/weights'
import { strToU8, zipSync } from 'fflate'
import type { Network } from 'mobilenetv2'
import type { Format } from './exports.js'

/** The model of TensorFlow.js, which is several files, as a zip of them. */
function tfjsZip(network: Network): Uint8Array<ArrayBuffer> {
  const { modelJson, shards } = toTfjs(network)
  const files = { 'model.json': strToU8(JSON.stringify(modelJson)), 'labels.txt': strToU8(network.classes.labels.join('\n')) }
  return new Uint8Array(zipSync({ ...files, ...Object.fromEntries(shards.map(({ name, bytes }) => [name, bytes])) }, { level: 0 }))
}

/** A network with another head, as a file. */
export function writeModel(network: Network, head: Head, format: Format): Uint8Array<ArrayBuffer> {
  const own = withHead(network, head)
  switch (format) {
    case 'safetensors':
      // Half precision takes half the bytes and gives the same answers (docs/checkpoints.md).
      return toSafetensors(own, { dtype: 'F16' })
    case 'onnx':
      return toOnnx(own)
    case 'tflite':
      return new Uint8Array(toTflite(own))
    case 'tfjs':
      return tfjsZip(own)
    default:
      return format satisfies never
  }
}
