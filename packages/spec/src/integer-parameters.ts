import type { LayerId } from './architecture.js'

/** How the integers of an 8-bit activation stand for real numbers: real = `scale` x integer. The zero point is already subtracted. */
export interface IntegerActivation {
  /** The real number that the integer 1 stands for: a float32 above 0. */
  readonly scale: number
  /** The least integer that the activation function and the 8 bits allow: -255 to 0. */
  readonly least: number
  /** The greatest integer that the activation function and the 8 bits allow: 0 to 255, and at most `least` + 255. */
  readonly most: number
}

/**
 * How a normalised picture becomes integers: value x `factor` + `offset`, each step in float32, rounded to the nearest integer (ties to
 * even), then clamped to `least` and `most`. If the file's input is floats, the factor is 1 / scale. If it is the levels of a picture (0 to
 * 255), factor and offset undo the normalisation.
 */
export interface IntegerInput extends IntegerActivation {
  /** A float32 for each of red, green and blue. */
  readonly factor: readonly number[]
  /** A float32 for each of red, green and blue. */
  readonly offset: readonly number[]
}

/**
 * How a residual is added to the output of its layer, in fixed point:
 * (own x `ownMultiplier` + residual x `residualMultiplier` + 2^(`shift` - 1)) >> `shift`, clamped to the bounds of `output`. The
 * multipliers are at most 2^21 and `shift` is from 1 to 30, so the sum fits 32 bits.
 */
export interface IntegerAddition {
  /** The factor of the layer's own output. */
  readonly ownMultiplier: number
  /** The factor of the residual. */
  readonly residualMultiplier: number
  /** Bits that are shifted out. */
  readonly shift: number
  /** The activation that holds the sum. */
  readonly output: IntegerActivation
}

/**
 * Kernel and bias of one layer in integers. The layer's sum, bias + the sum of input x kernel, is a 32-bit integer. It is rounded to
 * float32, multiplied by the channel's multiplier in float32, rounded to the nearest integer (ties to even), and clamped to the bounds of
 * `output`.
 */
export interface IntegerWeights {
  readonly kind: 'weights'
  /** Integers from -255 to 255 in the layout of the layer's `kernelShape`. Their zero point is already subtracted. */
  readonly kernel: Int16Array
  /** An integer for each output channel, in units of the scale of the input x the scale of the kernel. */
  readonly bias: Int32Array
  /** For each output channel: scale of the input x scale of the kernel / scale of the output. */
  readonly multipliers: Float32Array
  /** The activation that the layer gives, before a residual is added. */
  readonly output: IntegerActivation
  /** How the residual is added; null if the layer has none. */
  readonly addition: IntegerAddition | null
}

/**
 * A global average pool in integers. It sums the integers as a file stores them, which include their zero point: the sum is that of
 * the activation's integers + positions x `inputZeroPoint`. `rounding` turns the sum into the result, which is clamped to the
 * bounds of `output`.
 */
export interface IntegerPool {
  readonly kind: 'pool'
  /** The zero point of the input. */
  readonly inputZeroPoint: number
  /** How the sum is divided by the number of positions. */
  readonly rounding:
    | {
        /**
         * As TensorFlow Lite's MEAN: the sum is rounded to float32, multiplied by `multiplier` in float32, `offset` is added in float32,
         * the result is rounded to the nearest integer (ties to even), and `zeroPoint` is subtracted. The offset contains both zero points.
         * The rounding of each step decides ties, so no step can be left out. ONNX Runtime's QLinearGlobalAveragePool is the same if both
         * zero points and the offset are 0.
         */
        readonly by: 'multiplier'
        /** A float32: scale of the input / (scale of the output x positions). */
        readonly multiplier: number
        /** A float32 that is added to the product. */
        readonly offset: number
        /** The zero point of the output. */
        readonly zeroPoint: number
      }
    | {
        /**
         * As TensorFlow Lite's AVERAGE_POOL_2D: the sum is divided by the number of positions, rounded to the nearest integer (halves away
         * from zero), and `inputZeroPoint` is subtracted.
         */
        readonly by: 'division'
      }
  /** The activation that the pool gives. */
  readonly output: IntegerActivation
}

/** The integers of one layer. */
export type IntegerLayer = IntegerWeights | IntegerPool

/**
 * A quantised network as its file stores it, for backends that compute in integers. The arithmetic is that of XNNPACK, which TensorFlow
 * Lite runs.
 */
export interface IntegerParameters {
  /** How a picture becomes the integers that the first layer takes. */
  readonly input: IntegerInput
  /** The integers of every layer of the architecture, pools among them. */
  readonly layers: ReadonlyMap<LayerId, IntegerLayer>
}
