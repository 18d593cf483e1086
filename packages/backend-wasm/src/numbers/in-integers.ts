import type { BodyArchitecture } from '@mobilenetv2/runtime'
import type { IntegerParameters, LayerId } from '@mobilenetv2/spec'
import { createEncoder } from './encode.js'
import { inBytes, inHalves } from './int8.js'
import { type PlacedIntegers, placeIntegers, resultOf } from './integer-layers.js'
import { type Precision, spread } from './precision.js'

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
