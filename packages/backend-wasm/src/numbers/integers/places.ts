import type { IntegerWeights } from '@mobilenetv2/spec'
import { blockBytes, floatBytes } from '../../memory-contract.js'
import type { Numbers } from '../numbers.js'
import type { Held } from './held.js'
import { type PlacedIntegers, resultOf } from './layers.js'

/**
 * Adding this number, 1.5 x 2^23, rounds a float between -2^22 and 2^22: floats from 2^23 to 2^24 are whole numbers, so the sum is rounded
 * to the nearest integer, ties to even, and has that integer in its low bits. Subtracting `rounderBits` from its bits gives the integer.
 */
export const rounder = 12_582_912
export const rounderBits = 0x4b400000

/** The offsets in bytes of the 32-bit numbers before the weights of a block of channels. */
export const bounds = {
  least: 0,
  most: 4,
  own: 8,
  residual: 12,
  shift: 16,
  sumLeast: 20,
  sumMost: 24,
  half: 28,
  /** Subtracted from the bits of a rounded float: the rounder's bits, minus the number that is added to stored integers. */
  takenOff: 32,
  /** The number to add to a sum that is stored in 8 bits. */
  offset: 36,
  bytes: 48,
} as const

/** The offsets in bytes of multipliers and biases, and of the weights behind them. */
type HeadPlaces = Readonly<Record<'multipliers' | 'bias' | 'bytes', number>>

export const productHead: HeadPlaces = {
  multipliers: bounds.bytes,
  bias: bounds.bytes + blockBytes,
  bytes: bounds.bytes + 2 * blockBytes,
}

/** The offsets in bytes of the numbers of a pool: bounds, four multipliers of 1, then how the mean is rounded. */
export const poolPlaces: Readonly<
  Record<'ones' | 'divides' | 'zeroPoint' | 'zeroPoints' | 'multiplier' | 'offset' | 'bytes', number>
> = {
  ones: bounds.bytes,
  divides: 64,
  zeroPoint: 68,
  zeroPoints: 72,
  multiplier: 76,
  offset: 80,
  bytes: 84,
}

/** The offsets of the multipliers and biases before the taps of `channels` channels, which a depthwise convolution computes at once. */
export function depthwisePlaces(channels: number): HeadPlaces {
  const vectors = channels * floatBytes
  return { multipliers: bounds.bytes, bias: bounds.bytes + vectors, bytes: bounds.bytes + 2 * vectors }
}

/** Writes the numbers before the weights of a block of channels, without multipliers and biases. */
export function writeBounds({ added }: Held, view: DataView, at: number, { layer, residual }: PlacedIntegers): void {
  view.setFloat32(at + bounds.least, layer.output.least, true)
  view.setFloat32(at + bounds.most, layer.output.most, true)
  const addition = layer.kind === 'weights' ? layer.addition : null
  const offset = added(resultOf(layer))
  view.setInt32(at + bounds.takenOff, rounderBits - (addition === null ? offset : 0), true)
  if (addition === null) return
  view.setInt32(at + bounds.offset, offset, true)
  const { ownMultiplier, residualMultiplier, shift, output } = addition
  const tooMuch = added(residual!) * residualMultiplier
  view.setInt32(at + bounds.own, ownMultiplier, true)
  view.setInt32(at + bounds.residual, residualMultiplier, true)
  view.setInt32(at + bounds.shift, shift, true)
  view.setInt32(at + bounds.half, 2 ** (shift - 1) - tooMuch, true)
  view.setInt32(at + bounds.sumLeast, output.least, true)
  view.setInt32(at + bounds.sumMost, output.most, true)
}

/** The weights of a layer that is not a pool. */
export function weightsOf({ layer }: PlacedIntegers): IntegerWeights {
  return layer as IntegerWeights
}

/** A function `pack` of `Numbers`, with the way of storing integers as its first parameter. */
export type PackIn<Kernel extends 'product' | 'depthwise' | 'pool'> = (
  held: Held,
  ...given: Parameters<Numbers<PlacedIntegers>[Kernel]['pack']>
) => void
