// Shared by the walks over the operators of quantised files.
import { shortened } from '@mobilenetv2/spec'
import type { StoredTensor, TensorType } from '../checkpoint.js'
import type {
  StoredActivation,
  StoredIntegerPool,
  StoredIntegers,
  StoredIntegerWeights,
  UnusableIntegers,
} from '../stored-integers.js'

/** A layer to which the walk may still add a residual or an activation function. */
export type GrowingLayer =
  | { -readonly [Key in keyof StoredIntegerPool]: StoredIntegerPool[Key] }
  | { -readonly [Key in keyof StoredIntegerWeights]: StoredIntegerWeights[Key] }

/** Thrown if an operator does not fit, and caught in this file. */
class Unfit extends Error {}

/**
 * Ends a walk, because the file cannot be run in integers.
 * @param why the end of a sentence
 */
export function unfit(why: string): never {
  throw new Unfit(why)
}

/** The result of a walk, or why it ended early. */
export function orUnusable(walk: () => StoredIntegers): StoredIntegers | UnusableIntegers {
  try {
    return walk()
  } catch (error) {
    if (!(error instanceof Unfit)) throw error
    return { unusable: error.message }
  }
}

/** The smallest normal float32. */
const leastScale = 2 ** -126

/** Whether a number can be a scale. */
export function isScale(scale: number | undefined): scale is number {
  return scale !== undefined && scale >= leastScale && Number.isFinite(scale)
}

/** An activation of 8 bits; null if its type, scale or zero point is not possible. */
export function activationOf8Bits(dtype: TensorType, scale: number | undefined, zeroPoint: number): StoredActivation | null {
  const low = dtype === 'int8' ? -128 : 0
  const fits = (dtype === 'int8' || dtype === 'uint8') && isScale(scale) && zeroPoint >= low && zeroPoint <= low + 255
  return fits ? { scale, zeroPoint, least: low - zeroPoint, most: low + 255 - zeroPoint } : null
}

/** Whether two activations store the same numbers as the same integers. */
export function isSameActivation(one: StoredActivation, other: StoredActivation): boolean {
  return one.scale === other.scale && one.zeroPoint === other.zeroPoint && one.least === other.least && one.most === other.most
}

/** The bias of a layer, whose integers have the scale of its sums. */
export function biasOf32Bits(bias: { readonly name: string; readonly constant: StoredTensor | null } | null): StoredTensor | null {
  if (bias === null) return null
  if (bias.constant?.dtype !== 'int32') unfit(`the bias ${shortened(bias.name)} is not of int32`)
  return bias.constant
}
