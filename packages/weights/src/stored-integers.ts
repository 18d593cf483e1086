import type { IntegerActivation } from '@mobilenetv2/spec'
import type { StoredTensor } from './checkpoint.js'

/** What a file says of an activation of 8-bit integers. */
export interface StoredActivation extends IntegerActivation {
  /** The stored integer that stands for zero. */
  readonly zeroPoint: number
}

/** A weighted operator whose input, kernel, bias and output are integers. */
export interface StoredIntegerWeights {
  readonly kind: 'weights'
  readonly input: StoredActivation
  readonly kernel: StoredTensor
  /** Integers of 32 bits; null stands for zeros. */
  readonly bias: StoredTensor | null
  /** With the bounds of the operator's own activation function. */
  readonly output: StoredActivation
  /** The addition of the output of an earlier operator, by its index among `layers`. */
  readonly addition: { readonly from: number; readonly residual: StoredActivation; readonly output: StoredActivation } | null
}

/** The mean over all positions, of integers. */
export interface StoredIntegerPool {
  readonly kind: 'pool'
  /** See `IntegerPool`. ONNX Runtime's is a `product`: the sum of integers less their zero point x a multiplier. */
  readonly rounding: 'multiplier' | 'division' | 'product'
  readonly input: StoredActivation
  readonly output: StoredActivation
}

/** A quantised file's operators in their order, each of which takes the output of the one before. */
export interface StoredIntegers {
  readonly input: StoredActivation
  /** Whether the file takes the levels of a picture, and not floats. */
  readonly takesLevels: boolean
  readonly layers: readonly (StoredIntegerWeights | StoredIntegerPool)[]
}

/** Why a quantised file has no `StoredIntegers`, as the end of a sentence. */
export interface UnusableIntegers {
  readonly unusable: string
}
