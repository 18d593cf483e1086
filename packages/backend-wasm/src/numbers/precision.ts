import type { BodyArchitecture } from '@mobilenetv2/runtime'
import type { IntegerLayer, IntegerParameters, LayerId, LayerParameters, Parameters, UnsharedFloats } from '@mobilenetv2/spec'
import type { Codec } from '../compiled-model.js'
import { float32 } from './float32.js'
import { int8 } from './int8.js'
import type { Numbers } from './numbers.js'

/** The numbers that a model computes with, its layers in them, and the way from a caller's floats to them and back. */
export interface Precision<Layer> {
  readonly numbers: Numbers<Layer>
  readonly layers: ReadonlyMap<LayerId, Layer>
  readonly codec: Codec
}

const floats: Codec = {
  encode(picture, { pixels, channels, stride }) {
    const padded = new Float32Array(pixels * stride)
    if (stride === channels) padded.set(picture)
    else {
      for (let pixel = 0; pixel < pixels; pixel++) {
        padded.set(picture.subarray(pixel * channels, (pixel + 1) * channels), pixel * stride)
      }
    }
    return new Uint8Array(padded.buffer)
  },
  decode: ({ buffer }): UnsharedFloats => new Float32Array(buffer as ArrayBuffer),
}

export function inFloats(layers: Parameters): Precision<LayerParameters> {
  return { numbers: float32, layers, codec: floats }
}

/** The picture is rounded as TensorFlow Lite does. */
export function inIntegers(integers: IntegerParameters, { layers }: BodyArchitecture): Precision<IntegerLayer> {
  const { scale, least, most } = integers.input
  const layerOf = { logits: layers.at(-1)?.id, features: layers.findLast(({ kind }) => kind === 'globalAveragePool')?.id }
  const perUnit = Math.fround(1 / scale)
  // Adding and taking off this number rounds a float64 of this size to the nearest integer, ties to even.
  const rounder = 1.5 * 2 ** 52
  return {
    numbers: int8,
    layers: integers.layers,
    codec: {
      encode(picture, { pixels, channels, stride }) {
        const padded = new Int16Array(pixels * stride)
        for (let pixel = 0, from = 0; pixel < pixels; pixel++) {
          for (let channel = 0; channel < channels; channel++, from++) {
            const value = Math.fround(picture[from]! * perUnit)
            padded[pixel * stride + channel] = Math.min(Math.max(value, least), most) + rounder - rounder
          }
        }
        return new Uint8Array(padded.buffer)
      },
      decode({ buffer }, output) {
        const layer = integers.layers.get(layerOf[output]!)!
        const added = layer.kind === 'weights' ? layer.addition?.output : undefined
        const unit = (added ?? layer.output).scale
        return Float32Array.from(new Int16Array(buffer), (value) => value * unit)
      },
    },
  }
}
