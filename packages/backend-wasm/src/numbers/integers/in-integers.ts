import type { BodyArchitecture } from '@mobilenetv2/runtime'
import type { IntegerParameters } from '@mobilenetv2/spec'
import type { ByteDomain } from '../../codegen/dot-bytes.js'
import { type Precision, spread } from '../precision.js'
import { createEncoder, encoderBytes } from './encode.js'
import { inBytesOf, inSixteenBits } from './held.js'
import { fitsBytes, integerNumbers } from './integers.js'
import { type PlacedIntegers, placeIntegers, resultOf } from './layers.js'

/** @param domain the range of bytes that the engine's dot product takes; null if it takes none, so that activations have 16 bits */
export async function inIntegers(
  integers: IntegerParameters,
  body: BodyArchitecture,
  domain: ByteDomain | null,
): Promise<Precision<PlacedIntegers>> {
  const layers = placeIntegers(body, integers)
  const held = domain !== null && fitsBytes(body, layers, domain) ? inBytesOf[domain] : inSixteenBits
  const encode = await createEncoder(integers.input, held)
  const results = {
    logits: body.layers.at(-1)?.id,
    features: body.layers.findLast(({ kind }) => kind === 'globalAveragePool')?.id,
  }
  return {
    numbers: integerNumbers(held, layers),
    layers,
    codec: {
      bytes: encoderBytes,
      encode: (picture, external) => spread(encode(picture), external),
      decode({ buffer }, output) {
        const result = resultOf(integers.layers.get(results[output]!)!)
        const added = held.added(result)
        const values = held.valuesOf(buffer)
        const floats = new Float32Array(values.length)
        // `Float32Array.from` with a function is slow, and a cut network gives whole maps.
        for (let index = 0; index < values.length; index++) floats[index] = (values[index]! - added) * result.scale
        return floats
      },
    },
  }
}
