import { multiplierOf } from '../../integer-arithmetic.js'

/** How many float32s around an estimate are tried. The estimate has the rounding errors of two products and a quotient. */
const most = 8

/** The float32 that comes `steps` float32s after a positive one. */
function stepped(value: number, steps: number): number {
  const bits = new DataView(new ArrayBuffer(4))
  bits.setFloat32(0, value)
  bits.setUint32(0, bits.getUint32(0) + steps)
  return bits.getFloat32(0)
}

function scaleOf(multiplier: number, input: number, output: number): number | null {
  const estimate = Math.fround((multiplier * output) / input)
  if (!(estimate >= 2 ** -126 && Number.isFinite(estimate))) return null
  for (let distance = 0; distance <= most; distance++) {
    for (const steps of [distance, -distance]) {
      const scale = stepped(estimate, steps)
      if (multiplierOf(input, scale, output) === multiplier) return scale
    }
  }
  return null
}

/**
 * Scales of a kernel's channels, as float32s, from which a reader computes the same multipliers.
 * @param input the scale of the layer's input
 * @param output the scale of its output
 * @returns null if there are no such scales
 */
export function kernelScales(multipliers: Float32Array, input: number, output: number): Float32Array | null {
  const scales = new Float32Array(multipliers.length)
  for (const [channel, multiplier] of multipliers.entries()) {
    const scale = scaleOf(multiplier, input, output)
    if (scale === null) return null
    scales[channel] = scale
  }
  return scales
}
