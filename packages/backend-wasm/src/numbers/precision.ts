import type { BodyArchitecture } from '@mobilenetv2/runtime'
import type { IntegerParameters, LayerId, LayerParameters, Parameters } from '@mobilenetv2/spec'
import type { Codec } from '../compiled-model.js'
import type { External } from '../plan/plan.js'
import { planSteps } from '../plan/steps.js'
import type { Tuning } from '../tuning/tuning.js'
import { createEncoder } from './encode.js'
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

/** A picture as the memory holds it: as it is, or each pixel followed by zeros in `padded`. */
function spread<Values extends Float32Array | Int16Array>(
  picture: Values,
  { pixels, channels, stride }: External,
  padded: Values,
): Uint8Array {
  if (stride === channels) return new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength)
  for (let pixel = 0; pixel < pixels; pixel++) {
    padded.set(picture.subarray(pixel * channels, (pixel + 1) * channels), pixel * stride)
  }
  return new Uint8Array(padded.buffer)
}

const floats: Codec = {
  encode: (picture, external) => spread(picture, external, new Float32Array(external.pixels * external.stride)),
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
export async function inIntegers(
  integers: IntegerParameters,
  body: BodyArchitecture,
  tuning: Tuning,
  takesBytes: boolean,
): Promise<Precision<PlacedIntegers>> {
  const layers = placeIntegers(body, integers)
  const encode = await createEncoder(integers.input)
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
      encode(picture, external) {
        const values = new Int16Array(picture.length)
        encode(picture, values)
        return spread(values, external, new Int16Array(external.pixels * external.stride))
      },
      decode({ buffer }, output) {
        const { scale, least } = resultOfLayer(results[output])
        return numbers === int8Activations
          ? Float32Array.from(new Uint8Array(buffer), (value) => (value + least) * scale)
          : Float32Array.from(new Int16Array(buffer), (value) => value * scale)
      },
    },
  }
}
