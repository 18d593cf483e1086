import type { LayerId, LayerParameters, Parameters } from '@mobilenetv2/spec'
import type { Codec } from '../compiled-model.js'
import type { External } from '../plan/plan.js'
import { float32 } from './float32.js'
import type { Numbers } from './numbers.js'

/** The numbers that a model computes with, the parameters of its layers in them, and the conversion from and to the caller's floats. */
export interface Precision<Layer> {
  readonly numbers: Numbers<Layer>
  readonly layers: ReadonlyMap<LayerId, Layer>
  readonly codec: Codec
}

/** The bytes of a picture as they are stored. If pixels are padded, each pixel is followed by zeros. */
export function spread(picture: Float32Array | Uint8Array, { pixels, channels, stride, valueBytes }: External): Uint8Array {
  const bytes = new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength)
  if (stride === channels) return bytes
  const [from, to] = [channels * valueBytes, stride * valueBytes]
  const padded = new Uint8Array(pixels * to)
  for (let pixel = 0; pixel < pixels; pixel++) padded.set(bytes.subarray(pixel * from, (pixel + 1) * from), pixel * to)
  return padded
}

const floats: Codec = {
  bytes: 0,
  encode: spread,
  decode: ({ buffer }) => new Float32Array(buffer),
}

export function inFloats(layers: Parameters): Precision<LayerParameters> {
  return { numbers: float32, layers, codec: floats }
}
