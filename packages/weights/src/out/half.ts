import { MobileNetV2Error } from '@mobilenetv2/spec'

/** The largest float16. */
const largest = 65504

/** The smallest normal float16; below it, values are multiples of 2^-24. */
const smallestNormal = 2 ** -14

/** A whole number of at most 2^11 from `value`, halves to even. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}

/** The bits of a float16: sign, 5 of exponent, 10 of fraction. */
function encode(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const magnitude = Math.abs(value)
  if (magnitude < smallestNormal) return sign | roundHalfEven(magnitude * 2 ** 24)
  let exponent = Math.floor(Math.log2(magnitude))
  // log2 of a number just below a power of two can round up to it.
  if (2 ** exponent > magnitude) exponent -= 1
  // A fraction that rounds up to 1 carries into the exponent, which is the next number.
  return sign | (((exponent + 15) << 10) + roundHalfEven((magnitude / 2 ** exponent - 1) * 1024))
}

/**
 * Numbers as float16, rounded to the nearest, halves to even.
 * @throws MobileNetV2Error `PARAMETERS` where one is larger than float16 can be
 */
export function toHalf(values: Float32Array, where: string): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(values, (value, index) => {
    const bits = encode(value)
    if ((bits & 0x7c00) === 0x7c00 || Number.isNaN(value)) {
      throw new MobileNetV2Error('PARAMETERS', 'A parameter does not fit into 16 bits.', {
        where,
        expected: `at most ${largest}`,
        got: `${value} at index ${index}`,
        remedy: "Write dtype: 'F32'.",
      })
    }
    return bits
  })
}
