import { windowTaps } from '../../kernels/depthwise/windows.js'
import { floatBytes } from '../../memory-contract.js'
import { depthwisePlaces, type PackIn, rounderBits, weightsOf, writeBounds } from './places.js'

/**
 * Packs a kernel [taps][channels] for n channels at once. Each n channels have a head, then [taps][n] in float32, or windows of 8 bits
 * (`windows.ts`).
 */
export const packDepthwise: PackIn<'depthwise'> = (held, placed, shape, memory, address) => {
  const { kernel, bias, multipliers } = weightsOf(placed)
  const { kernelSize, stride, inputBytes, channelsAtOnce, stepWeightBytes } = shape
  const view = new DataView(memory)
  const channels = bias.length
  const taps = kernelSize * kernelSize
  const inBytes = inputBytes === 1
  const { multipliers: multipliersAt, bias: biasAt, bytes: tapsAt } = depthwisePlaces(channelsAtOnce)
  const tooMuch = held.added(placed.input)
  for (let first = 0, at = address; first < shape.channels; first += channelsAtOnce, at += stepWeightBytes) {
    writeBounds(held, view, at, placed)
    for (let channel = first; channel < first + channelsAtOnce; channel++) {
      const place = at + (channel - first) * floatBytes
      const isPadding = channel >= channels
      let sum = 0
      for (let tap = 0; tap < taps && !isPadding; tap++) {
        const value = kernel[tap * channels + channel]!
        sum += value
        if (!inBytes) view.setFloat32(place + tapsAt + tap * channelsAtOnce * floatBytes, value, true)
      }
      // Sums of floats begin with the rounder. Its bits are subtracted here, for padded channels too.
      view.setInt32(place + biasAt, (bias[channel] ?? 0) - (inBytes ? tooMuch * sum : rounderBits), true)
      if (isPadding) continue
      view.setFloat32(place + multipliersAt, multipliers[channel]!, true)
      if (!inBytes) continue
      for (let row = 0, to = place + tapsAt; row < kernelSize; row++) {
        const values = Array.from({ length: kernelSize }, (_, column) => kernel[(row * kernelSize + column) * channels + channel]!)
        for (const columns of windowTaps(values, stride)) {
          new Int8Array(memory, to).set(columns)
          to += channelsAtOnce * floatBytes
        }
      }
    }
  }
}
