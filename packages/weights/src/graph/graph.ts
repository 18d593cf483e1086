import type { Padding } from '@mobilenetv2/spec'
import type { Quantization, TensorType } from '../checkpoint.js'

/**
 * The names of the tensors of a BatchNorm: `gamma`, `beta`, `mean` and `variance`, each `[channels]`. Null in place of gamma or variance
 * stands for ones, and null in place of beta or mean for zeros. A multiplication and an addition by channel are a BatchNorm with gamma and
 * beta only.
 */
export interface BatchNormNames {
  readonly gamma: string | null
  readonly beta: string | null
  readonly mean: string | null
  readonly variance: string | null
  /** What is added to the variance; null if the file does not state it. */
  readonly epsilon: number | null
}

/** An operator with a kernel. The bias, BatchNorm, activation and shortcut that follow it in the graph are part of it. */
export interface WeightedOperator {
  /** What the operator computes. A 1 x 1 convolution is a `convolution`. */
  readonly kind: 'convolution' | 'depthwise' | 'dense'
  /** The name of its output in the file. */
  readonly name: string
  /** The name of the tensor with its kernel. */
  readonly kernel: string
  /** The order of the kernel's axes, one letter each: height `H`, width `W`, input `I`, output `O`. */
  readonly layout: string
  /** The name of the tensor with its bias; null if it has none. */
  readonly bias: string | null
  /** The BatchNorm of its output; null if it has none. */
  readonly batchNorm: BatchNormNames | null
  /** The BatchNorm of its input; null if it has none. Only dense layers have one. */
  readonly inputBatchNorm: BatchNormNames | null
  /** Rows and columns from one output position to the next. */
  readonly stride: number
  /** TensorFlow's SAME, or the zeros on each side. */
  readonly padding: 'same' | Padding
  /** One of `headActivations`, `leakyRelu:` and a slope, or the file's own word for another activation. */
  readonly activation: string
  /** The index, in `operators`, of the operator whose output is added to this one's; null if it has no shortcut. */
  readonly residual: number | null
}

/** A pool over height and width. */
export interface PoolOperator {
  /** The mean or the maximum. */
  readonly kind: 'globalAveragePool' | 'globalMaxPool'
  /** The name of its output in the file. */
  readonly name: string
}

/** One operator of a graph. */
export type GraphOperator = WeightedOperator | PoolOperator

/** Whether an operator has a kernel. */
export function isWeightedOperator(operator: GraphOperator): operator is WeightedOperator {
  return operator.kind !== 'globalAveragePool' && operator.kind !== 'globalMaxPool'
}

/** The scaling at the beginning of a graph: input x `multiply` + `add`, each one number or one for each channel. */
export interface InputScaling {
  readonly multiply: readonly number[]
  readonly add: readonly number[]
  /** A sentence about what was assumed, if the file does not state all of it. */
  readonly assumed?: string | undefined
}

/** The graph of a file as a chain: each operator takes the output of the operator before it, with its shortcut added. */
export interface Graph {
  /** The input of the graph. */
  readonly input: {
    /** Its name in the file. */
    readonly name: string
    /** Its height in pixels; null if the file leaves it open. */
    readonly height: number | null
    /** Its width in pixels; null if the file leaves it open. */
    readonly width: number | null
    /** What the integers of the input stand for, and their type in `dtype`; null for an input of floats. */
    readonly quantization: (Quantization & { readonly dtype: TensorType }) | null
    /** The integers, of type `dtype`, to which the graph first rounds an input of floats. They show the range that it expects. */
    readonly firstQuantization?: (Quantization & { readonly dtype: TensorType }) | null | undefined
    /** What the file's metadata state: input = (level of 0 to 255 - `mean`) / `deviation`. */
    readonly normalization: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | null
  }
  /** The scaling before the first convolution; null if there is none. */
  readonly inputScaling: InputScaling | null
  /** Whether the graph takes one channel, of which it makes three equal ones. */
  readonly repeatsInput?: boolean | undefined
  /** The operators in order. */
  readonly operators: readonly GraphOperator[]
  /** How the graph turns logits into probabilities at its end; null if it does not. A LogSoftmax counts as `softmax`. */
  readonly endsIn: 'softmax' | 'sigmoid' | null
}
