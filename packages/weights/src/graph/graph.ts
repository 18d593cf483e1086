import type { Padding } from '@mobilenetv2/spec'
import type { Quantization, TensorType } from '../checkpoint.js'

/**
 * The names of the tensors that a BatchNorm is made of, each `[channels]`. Null stands for a gamma or variance of ones, a beta or mean
 * of zeros: a product and a sum by channel are a BatchNorm of gamma and beta alone.
 */
export interface BatchNormNames {
  readonly gamma: string | null
  readonly beta: string | null
  readonly mean: string | null
  readonly variance: string | null
  /** What is added to the variance; null if the file does not say. */
  readonly epsilon: number | null
}

/** An operator with a kernel, with all that the file's graph hangs on it (bias, BatchNorm, activation, shortcut) drawn into it. */
export interface WeightedOperator {
  readonly kind: 'convolution' | 'depthwise' | 'dense'
  /** The name of its output in the file. */
  readonly name: string
  readonly kernel: string
  /** The kernel's axes in order; see `Layout`. */
  readonly layout: string
  readonly bias: string | null
  readonly batchNorm: BatchNormNames | null
  /** A BatchNorm of a dense layer's input, after the activation or the pool before it. */
  readonly inputBatchNorm: BatchNormNames | null
  readonly stride: number
  /** TensorFlow's SAME, or the zeros on each side. */
  readonly padding: 'same' | Padding
  /** One of `headActivations`, `leakyRelu:` and a slope, or the file's own word for one that is not known. */
  readonly activation: string
  /** The index in `operators` of the one whose output is added to this one's. */
  readonly residual: number | null
}

/** The mean or the maximum over height and width. */
export interface PoolOperator {
  readonly kind: 'globalAveragePool' | 'globalMaxPool'
  readonly name: string
}

export type GraphOperator = WeightedOperator | PoolOperator

/** Whether an operator has a kernel. */
export function isWeightedOperator(operator: GraphOperator): operator is WeightedOperator {
  return operator.kind !== 'globalAveragePool' && operator.kind !== 'globalMaxPool'
}

/** What a graph does to its input: input x multiply + add. One value, or one a channel. */
export interface InputScaling {
  readonly multiply: readonly number[]
  readonly add: readonly number[]
  /** What the file does not state about it, and was assumed. */
  readonly assumed?: string | undefined
}

/** A file's graph as a chain: each operator takes the output of the one before, the shortcut added. */
export interface Graph {
  readonly input: {
    readonly name: string
    /** Null where the file leaves an extent open. */
    readonly height: number | null
    readonly width: number | null
    /** The type and scale of an input of integers. */
    readonly quantization: (Quantization & { readonly dtype: TensorType }) | null
    /** What the graph first rounds an input of floats to, which tells the range that it expects. */
    readonly firstQuantization?: (Quantization & { readonly dtype: TensorType }) | null | undefined
    /** What the file's metadata declares: input = (value of 0 to 255 - mean) / deviation. */
    readonly normalization: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | null
  }
  /** What the graph itself does to its input before the first convolution. */
  readonly inputScaling: InputScaling | null
  /** Whether the graph makes three equal channels of an input of one. */
  readonly repeatsInput?: boolean | undefined
  readonly operators: readonly GraphOperator[]
  /** The last operator, where it turns logits into probabilities (`softmax` stands for a LogSoftmax too); null where there is none. */
  readonly endsIn: 'softmax' | 'sigmoid' | null
}
