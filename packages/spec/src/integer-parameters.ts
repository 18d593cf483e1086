import type { LayerId } from './architecture.js'

/** An activation of 8-bit integers, each less its zero point: real = scale x integer. Zero stands for zero. */
export interface IntegerActivation {
  /** A float32 above 0. */
  readonly scale: number
  /** The least integer that the activation function and the 8 bits allow, from -255 to 0. */
  readonly least: number
  /** The greatest one, from 0 to 255, and at most `least` + 255. */
  readonly most: number
}

/**
 * The integers of a picture, from its normalised values: value x `factor` + `offset`, each step in float32, rounded to the nearest
 * integer, ties to even, then held within the bounds. Both are of red, green and blue. A file that takes floats divides them by the
 * scale. A file that takes the levels of a picture (0 to 255) is given the levels, which are found by undoing the normalisation.
 */
export interface IntegerInput extends IntegerActivation {
  readonly factor: readonly number[]
  readonly offset: readonly number[]
}

/**
 * The sum of a layer's own output and its residual, in fixed point:
 * output = (own x `ownMultiplier` + residual x `residualMultiplier` + 2^(`shift` - 1)) >> `shift`, held within the output's bounds.
 * The two multipliers are at most 2^21 and `shift` is from 13 to 30, so 32 bits hold it.
 */
export interface IntegerAddition {
  readonly ownMultiplier: number
  readonly residualMultiplier: number
  readonly shift: number
  readonly output: IntegerActivation
}

/**
 * Kernel and bias of one layer in integers. Its sums are 32-bit integers: bias + the sum of input x kernel. A sum is rounded to
 * float32 and multiplied by the channel's multiplier in float32. It is rounded to the nearest integer, ties to even, then held
 * within the output's bounds.
 */
export interface IntegerWeights {
  readonly kind: 'weights'
  /** Integers from -255 to 255, less their zero point, in the layout of the layer's `kernelShape`. */
  readonly kernel: Int16Array
  readonly bias: Int32Array
  /** One for each output channel: scale of the input x scale of the kernel / scale of the output. */
  readonly multipliers: Float32Array
  readonly output: IntegerActivation
  /** Null if the layer adds no residual. */
  readonly addition: IntegerAddition | null
}

/**
 * A global average pool in integers. It sums the stored integers of all positions, which are greater by `inputZeroPoint` than those of
 * the activation, so that sum = sum of the activation's integers + positions x `inputZeroPoint`. The result is a stored integer, which is
 * less its zero point as every activation is, then held within the output's bounds.
 */
export interface IntegerPool {
  readonly kind: 'pool'
  readonly inputZeroPoint: number
  readonly rounding:
    | {
        /**
         * TensorFlow Lite's MEAN, each step in float32: sum x `multiplier`, + `offset`, rounded to the nearest integer, ties to even,
         * less `zeroPoint`. The sum is rounded to float32 first. The offset is a float32 that holds both zero points. It decides ties, so
         * no step can be left out. ONNX Runtime's QLinearGlobalAveragePool is the same with all zero points and the offset 0: it sums
         * the activation's own integers.
         */
        readonly by: 'multiplier'
        readonly multiplier: number
        readonly offset: number
        /** The output's. */
        readonly zeroPoint: number
      }
    | {
        /** Its AVERAGE_POOL_2D: sum / positions, rounded to the nearest integer, halves away from zero, less `inputZeroPoint`. */
        readonly by: 'division'
      }
  readonly output: IntegerActivation
}

export type IntegerLayer = IntegerWeights | IntegerPool

/**
 * A quantised network as its file stores it, for engines that compute in integers. Layers take what the layer before gives, and the
 * first one takes `input`. The arithmetic is XNNPACK's, which TensorFlow Lite runs.
 */
export interface IntegerParameters {
  readonly input: IntegerInput
  /** Every layer of the architecture. */
  readonly layers: ReadonlyMap<LayerId, IntegerLayer>
}
