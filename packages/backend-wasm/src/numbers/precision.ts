import type { BodyArchitecture } from '@mobilenetv2/runtime'
import type { IntegerInput, IntegerParameters, LayerId, LayerParameters, Parameters, UnsharedBytes } from '@mobilenetv2/spec'
import type { Codec } from '../compiled-model.js'
import type { External } from '../plan/plan.js'
import { planSteps } from '../plan/steps.js'
import type { Tuning } from '../tuning/tuning.js'
import { float32 } from './float32.js'
import { int8Activations, int16Activations } from './int8.js'
import { type PlacedIntegers, placeIntegers, resultOf } from './integer-layers.js'
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
  decode: ({ buffer }) => new Float32Array(buffer),
}

export function inFloats(layers: Parameters): Precision<LayerParameters> {
  return { numbers: float32, layers, codec: floats }
}

/** Whether weights fit 8 bits, and activations in 8 bits are read by products alone. */
function fitsBytes(body: BodyArchitecture, tuning: Tuning, layers: ReadonlyMap<LayerId, PlacedIntegers>): boolean {
  const fits = body.layers.every(({ id, kind }) => {
    const { layer } = layers.get(id)!
    return layer.kind === 'pool' || kind === 'depthwise' || layer.kernel.every((weight) => weight >= -128 && weight < 128)
  })
  return fits && planSteps(body, tuning, int8Activations).every(({ layers: [first] }) => first!.kind !== 'depthwise')
}

/** @param takesBytes whether the engine's dot takes 8 bits, and so activations can be held in them */
export function inIntegers(
  integers: IntegerParameters,
  body: BodyArchitecture,
  tuning: Tuning,
  takesBytes: boolean,
): Precision<PlacedIntegers> {
  const layers = placeIntegers(body, integers)
  const numbers = takesBytes && fitsBytes(body, tuning, layers) ? int8Activations : int16Activations
  const resultOfLayer = (id: LayerId | undefined) => resultOf(integers.layers.get(id!)!)
  const results = {
    logits: body.layers.at(-1)?.id,
    features: body.layers.findLast(({ kind }) => kind === 'globalAveragePool')?.id,
  }
  return {
    numbers,
    layers,
    codec: {
      encode: (picture, external) => encodePicture(picture, external, integers.input),
      decode({ buffer }, output) {
        const { scale, least } = resultOfLayer(results[output])
        return numbers === int8Activations
          ? Float32Array.from(new Uint8Array(buffer), (value) => (value + least) * scale)
          : Float32Array.from(new Int16Array(buffer), (value) => value * scale)
      },
    },
  }
}

/** Steps of float32 that V8 does as such; the rounder is taken off again as bits (`int8.ts`). */
function encodePicture(
  picture: Float32Array,
  { pixels, channels, stride }: External,
  { factor, offset, least, most }: IntegerInput,
): UnsharedBytes {
  const integers = new Int16Array(pixels * stride)
  // Adding and taking off this number rounds a float64 of this size to the nearest integer, ties to even.
  const rounder = 1.5 * 2 ** 52
  for (let channel = 0; channel < channels; channel++) {
    const [times, plus] = [Math.fround(factor[channel]!), Math.fround(offset[channel]!)]
    for (let from = channel, to = channel; from < picture.length; from += channels, to += stride) {
      const value = Math.fround(Math.fround(picture[from]! * times) + plus)
      integers[to] = Math.min(Math.max(value, least), most) + rounder - rounder
    }
  }
  return new Uint8Array(integers.buffer)
}
