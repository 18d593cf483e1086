import type { IntegerActivation } from '@mobilenetv2/spec'
import type { StoredTensor } from './checkpoint.js'

/** An activation of 8-bit integers as a file stores it. */
export interface StoredActivation extends IntegerActivation {
  /** The stored integer that stands for zero. */
  readonly zeroPoint: number
}

/** An operator whose input, kernel, bias and output are integers. */
export interface StoredIntegerWeights {
  readonly kind: 'weights'
  readonly input: StoredActivation
  readonly kernel: StoredTensor
  /** Integers of 32 bits; null stands for zeros. */
  readonly bias: StoredTensor | null
  /** The output, clamped to the bounds of the operator's activation function. */
  readonly output: StoredActivation
  /** The addition of the output of an earlier operator, whose index among `layers` is `from`; null if there is none. */
  readonly addition: { readonly from: number; readonly residual: StoredActivation; readonly output: StoredActivation } | null
}

/** A mean over all positions in integers. */
export interface StoredIntegerPool {
  readonly kind: 'pool'
  /** See `IntegerPool`. ONNX Runtime's rounding is `product`: it multiplies the sum of the integers, each minus its zero point. */
  readonly rounding: 'multiplier' | 'division' | 'product'
  readonly input: StoredActivation
  readonly output: StoredActivation
}

/** The operators of a quantised file in order. Each takes the output of the one before it. */
export interface StoredIntegers {
  readonly input: StoredActivation
  /** Whether the input of the file is the levels of a picture, and not floats. */
  readonly takesLevels: boolean
  readonly layers: readonly (StoredIntegerWeights | StoredIntegerPool)[]
}

/** Why a quantised file has no `StoredIntegers`, as the end of a sentence. */
export interface UnusableIntegers {
  readonly unusable: string
}
