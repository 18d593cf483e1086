import { channelBlock, floatBytes } from '../../memory-contract.js'
import { type PackIn, productHead, weightsOf, writeBounds } from './places.js'

/**
 * Packs a kernel [taps][inputs][outputs] as [outputs / 8][inputs of the product / n][8][n], with n integers in 32 bits. Each block follows
 * its head. The number that is added to stored inputs, times the sum of the weights, is subtracted from the bias.
 */
export const packProduct: PackIn<'product'> = (held, placed, shape, starts, memory, address) => {
  const { kernel, bias, multipliers } = weightsOf(placed)
  const { inputBytes, blockWeightBytes } = shape
  const outputs = bias.length
  const inputs = kernel.length / starts.length / outputs
  const together = floatBytes / inputBytes
  const shift = Math.log2(together)
  const target = inputBytes === 1 ? new Int8Array(memory, address) : new Int16Array(memory, address)
  const block = blockWeightBytes / inputBytes
  const sums = new Int32Array(outputs)
  // Row by row, because the rows are in order in the kernel and the engine has not optimised this code yet.
  let from = 0
  for (const start of starts) {
    for (let input = start; input < start + inputs; input++) {
      let to = productHead.bytes / inputBytes + (input >> shift) * together * channelBlock + (input & (together - 1))
      for (let first = 0; first < outputs; first += channelBlock, to += block) {
        const end = Math.min(outputs, first + channelBlock)
        for (let channel = first, at = to; channel < end; channel++, from++, at += together) {
          const weight = kernel[from]!
          target[at] = weight
          sums[channel]! += weight
        }
      }
    }
  }
  const view = new DataView(memory)
  const tooMuch = held.added(placed.input)
  for (let first = 0, at = address; first < shape.outputs; first += channelBlock, at += blockWeightBytes) {
    writeBounds(held, view, at, placed)
    for (let channel = first, place = at; channel < Math.min(outputs, first + channelBlock); channel++, place += floatBytes) {
      view.setFloat32(place + productHead.multipliers, multipliers[channel]!, true)
      view.setInt32(place + productHead.bias, bias[channel]! - tooMuch * sums[channel]!, true)
    }
  }
}
