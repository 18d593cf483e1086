import { channelBlock, floatBytes } from '../../memory-contract.js'
import { type PackIn, productHead, weightsOf, writeBounds } from './places.js'

/**
 * Packs a kernel [taps][inputs][outputs] as [outputs / 8][inputs of the product / n][8][n], with n integers in 32 bits. Each block follows
 * its head. The number that is added to stored inputs, times the sum of the weights, is subtracted from the bias.
 */
export const packProduct: PackIn<'product'> = (held, placed, shape, starts, memory, address) => {
  const { kernel, bias, multipliers } = weightsOf(placed)
  const { inputBytes, blockWeightBytes } = shape
  const view = new DataView(memory)
  const outputs = bias.length
  const inputs = kernel.length / starts.length / outputs
  const together = floatBytes / inputBytes
  const shift = Math.log2(together)
  const tooMuch = held.added(placed.input)
  for (let first = 0, at = address; first < shape.outputs; first += channelBlock, at += blockWeightBytes) {
    writeBounds(held, view, at, placed)
    const channels = Math.min(channelBlock, outputs - first)
    new Float32Array(memory, at + productHead.multipliers).set(multipliers.subarray(first, first + channels))
    const weightsAt = at + productHead.bytes
    const target = inputBytes === 1 ? new Int8Array(memory, weightsAt) : new Int16Array(memory, weightsAt)
    const sums = new Int32Array(channels)
    let from = first
    for (const start of starts) {
      for (let input = start; input < start + inputs; input++, from += outputs) {
        const to = (input >> shift) * together * channelBlock + (input & (together - 1))
        for (let channel = 0; channel < channels; channel++) {
          const weight = kernel[from + channel]!
          target[to + together * channel] = weight
          sums[channel]! += weight
        }
      }
    }
    sums.forEach((sum, channel) => {
      view.setInt32(at + productHead.bias + channel * floatBytes, bias[first + channel]! - tooMuch * sum, true)
    })
  }
}
