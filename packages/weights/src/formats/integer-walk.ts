// What the walks over the operators of quantised files share.
import { shortened } from '@mobilenetv2/spec'
import type { StoredTensor, TensorType } from '../checkpoint.js'
import type {
  StoredActivation,
  StoredIntegerPool,
  StoredIntegers,
  StoredIntegerWeights,
  UnusableIntegers,
} from '../stored-integers.js'

/** A layer while the walk may still find its residual, or an activation function after it. */
export type GrowingLayer =
  | { -readonly [Key in keyof StoredIntegerPool]: StoredIntegerPool[Key] }
  | { -readonly [Key in keyof StoredIntegerWeights]: StoredIntegerWeights[Key] }

/** Thrown where an operator does not fit, and caught in this file. */
class Unfit extends Error {}

/**
 * Ends a walk.
 * @param why the end of a sentence
 */
export function unfit(why: string): never {
  throw new Unfit(why)
}

/** What a walk gives, or why it ended early. */
export function orUnusable(walk: () => StoredIntegers): StoredIntegers | UnusableIntegers {
  try {
    return walk()
  } catch (error) {
    if (!(error instanceof Unfit)) throw error
    return { unusable: error.message }
  }
}

/** The least positive float32 of full precision. */
const leastScale = 2 ** -126

/** Whether a file can mean it as a scale. */
export function isScale(scale: number | undefined): scale is number {
  return scale !== undefined && scale >= leastScale && Number.isFinite(scale)
}

/** An activation of 8 bits; null if its scale or zero point cannot be, or it is of another type. */
export function activationOf8Bits(dtype: TensorType, scale: number | undefined, zeroPoint: number): StoredActivation | null {
  const low = dtype === 'int8' ? -128 : 0
  const fits = (dtype === 'int8' || dtype === 'uint8') && isScale(scale) && zeroPoint >= low && zeroPoint <= low + 255
  return fits ? { scale, zeroPoint, least: low - zeroPoint, most: low + 255 - zeroPoint } : null
}

/** Whether two activations store the same numbers as the same integers. */
export function isSameActivation(one: StoredActivation, other: StoredActivation): boolean {
  return one.scale === other.scale && one.zeroPoint === other.zeroPoint && one.least === other.least && one.most === other.most
}

/** The bias of a layer, whose integers are of the scale of its sums. */
export function biasOf32Bits(bias: { readonly name: string; readonly constant: StoredTensor | null } | null): StoredTensor | null {
  if (bias === null) return null
  if (bias.constant?.dtype !== 'int32') unfit(`the bias ${shortened(bias.name)} is not of int32`)
  return bias.constant
}
