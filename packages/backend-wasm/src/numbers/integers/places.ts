import type { IntegerWeights } from '@mobilenetv2/spec'
import { blockBytes, floatBytes } from '../../memory-contract.js'
import type { Numbers } from '../numbers.js'
import type { Held } from './held.js'
import { type PlacedIntegers, resultOf } from './layers.js'

/**
 * Rounds a float between -2^22 and 2^22. Floats from 2^23 to 2^24 are whole numbers. So the sum of the two is rounded to the nearest integer,
 * ties to even, and holds that integer in its low bits. What is left without the rounder's own bits is the integer.
 */
export const rounder = 12_582_912
export const rounderBits = 0x4b400000

/** What precedes the weights of a block of channels: numbers of 32 bits, by their bytes. */
export const bounds = {
  least: 0,
  most: 4,
  own: 8,
  residual: 12,
  shift: 16,
  sumLeast: 20,
  sumMost: 24,
  half: 28,
  /** Taken off the bits of a rounded float: the rounder's own, less what the integer has added in memory. */
  takenOff: 32,
  /** What a sum of 8 bits is to have added. */
  offset: 36,
  bytes: 48,
} as const

/** Where multipliers and biases are, and where the weights begin. */
type HeadPlaces = Readonly<Record<'multipliers' | 'bias' | 'bytes', number>>

export const productHead: HeadPlaces = {
  multipliers: bounds.bytes,
  bias: bounds.bytes + blockBytes,
  bytes: bounds.bytes + 2 * blockBytes,
}

/** What a pool is given: bounds, four multipliers of 1, then how the mean is rounded. */
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

/** Where the multipliers and biases of the channels that a depthwise convolution does at once are in what precedes their taps. */
export function depthwisePlaces({ depthwiseChannels }: Held): HeadPlaces {
  const vectors = depthwiseChannels * floatBytes
  return { multipliers: bounds.bytes, bias: bounds.bytes + vectors, bytes: bounds.bytes + 2 * vectors }
}

/** Writes what precedes the weights of a block of channels, but multipliers and biases. */
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

/** The weights of a layer that is no pool. */
export function weightsOf({ layer }: PlacedIntegers): IntegerWeights {
  return layer as IntegerWeights
}

/** A `pack` of numbers, for one way of holding them. */
export type PackIn<Kernel extends 'product' | 'depthwise' | 'pool'> = (
  held: Held,
  ...given: Parameters<Numbers<PlacedIntegers>[Kernel]['pack']>
) => void
