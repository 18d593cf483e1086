import type { BodyArchitecture } from '@mobilenetv2/runtime'
import type { IntegerParameters, LayerId, LayerParameters, Parameters } from '@mobilenetv2/spec'
import type { Codec } from '../compiled-model.js'
import type { External } from '../plan/plan.js'
import { createEncoder } from './encode.js'
import { float32 } from './float32.js'
import { inBytes, inHalves } from './int8.js'
import { type PlacedIntegers, placeIntegers, resultOf } from './integer-layers.js'
import type { Numbers } from './numbers.js'

/** The numbers that a model computes with, its layers in them, and the way from a caller's floats to them and back. */
export interface Precision<Layer> {
  readonly numbers: Numbers<Layer>
  readonly layers: ReadonlyMap<LayerId, Layer>
  readonly codec: Codec
}

/** A picture as the memory holds it: as it is, or each pixel followed by zeros. */
function spread(picture: Float32Array | Int16Array | Uint8Array, { pixels, channels, stride, valueBytes }: External): Uint8Array {
  const bytes = new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength)
  if (stride === channels) return bytes
  const [from, to] = [channels * valueBytes, stride * valueBytes]
  const padded = new Uint8Array(pixels * to)
  for (let pixel = 0; pixel < pixels; pixel++) padded.set(bytes.subarray(pixel * from, (pixel + 1) * from), pixel * to)
  return padded
}

const floats: Codec = {
  encode: spread,
  decode: ({ buffer }) => new Float32Array(buffer),
}

export function inFloats(layers: Parameters): Precision<LayerParameters> {
  return { numbers: float32, layers, codec: floats }
}

/** @param takesBytes whether the engine's dot takes 8 bits, and so activations can be held in them */
export async function inIntegers(
  integers: IntegerParameters,
  body: BodyArchitecture,
  takesBytes: boolean,
): Promise<Precision<PlacedIntegers>> {
  const layers = placeIntegers(body, integers)
  const numbers = (takesBytes ? inBytes(body, layers) : null) ?? inHalves(layers)
  const isNarrow = numbers.valueBytes === 1
  const encode = await createEncoder(integers.input, isNarrow ? 1 : 2)
  const resultOfLayer = (id: LayerId | undefined) => resultOf(integers.layers.get(id!)!)
  const results = {
    logits: body.layers.at(-1)?.id,
    features: body.layers.findLast(({ kind }) => kind === 'globalAveragePool')?.id,
  }
  return {
    numbers,
    layers,
    codec: {
      encode: (picture, external) => spread(encode(picture), external),
      decode({ buffer }, output) {
        const { scale, least } = resultOfLayer(results[output])
        return isNarrow
          ? Float32Array.from(new Uint8Array(buffer), (value) => (value + least) * scale)
          : Float32Array.from(new Int16Array(buffer), (value) => value * scale)
      },
    },
  }
}
