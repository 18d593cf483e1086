const word = new Float32Array(1)
const bits = new Uint32Array(word.buffer)

/**
 * The bits of the float16 (IEEE 754 binary16) that is nearest to a float32; ties go to even. From 65520 on a number becomes infinity.
 * Engines before 2025 have no Float16Array that could do this.
 * @internal
 */
export function float16Bits(value: number): number {
  word[0] = value
  const float = bits[0]!
  const sign = (float >>> 16) & 0x8000
  const magnitude = float & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  if (magnitude < 0x38800000) {
    // Below 2^-14 a float16 is a multiple of 2^-24.
    const steps = Math.abs(value) * 2 ** 24
    const floor = Math.floor(steps)
    const rest = steps - floor
    return sign | (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor)
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1)
  return sign | ((rounded - 0x38000000) >>> 13)
}
