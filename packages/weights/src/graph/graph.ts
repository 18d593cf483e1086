import type { Padding } from '@mobilenetv2/spec'
import type { Quantization } from '../checkpoint.js'

/** The names of the tensors that a BatchNorm is made of, each `[channels]`. */
export interface BatchNormNames {
  readonly gamma: string
  readonly beta: string
  readonly mean: string
  readonly variance: string
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
  readonly batchNormEpsilon: number | null
  readonly stride: number
  /** TensorFlow's SAME, or the zeros on each side. */
  readonly padding: 'same' | Padding
  /** `relu6`, `linear`, or the file's own word for one that MobileNetV2 has not. */
  readonly activation: string
  /** The index in `operators` of the one whose output is added to this one's. */
  readonly residual: number | null
}

/** The mean over height and width. */
export interface PoolOperator {
  readonly kind: 'globalAveragePool'
  readonly name: string
}

export type GraphOperator = WeightedOperator | PoolOperator

/** A file's graph as a chain: each operator takes the output of the one before, the shortcut added. */
export interface Graph {
  readonly input: {
    readonly name: string
    /** Null where the file leaves an extent open. */
    readonly height: number | null
    readonly width: number | null
    readonly quantization: Quantization | null
    /** What the file's metadata declares: input = (value of 0 to 255 - mean) / deviation. */
    readonly normalization: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | null
  }
  /** What the graph itself does to its input before the first convolution: input x multiply + add. One value, or one a channel. */
  readonly inputScaling: { readonly multiply: readonly number[]; readonly add: readonly number[] } | null
  readonly operators: readonly GraphOperator[]
  readonly endsInSoftmax: boolean
}
