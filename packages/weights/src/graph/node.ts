import type { Padding } from '@mobilenetv2/spec'
import type { BatchNormNames } from './graph.js'

/** A node of a file's graph, in a form that all formats share. `inputs` are names of activations, not of constants. */
export type GraphNode =
  | {
      readonly kind: 'convolution' | 'depthwise' | 'dense'
      readonly inputs: readonly [string]
      readonly output: string
      readonly kernel: string
      readonly layout: string
      readonly bias: string | null
      readonly stride: number
      readonly padding: 'same' | 'valid' | Padding
      readonly activation: string
    }
  | { readonly kind: 'bias'; readonly inputs: readonly [string]; readonly output: string; readonly tensor: string }
  | {
      readonly kind: 'batchNorm'
      readonly inputs: readonly [string]
      readonly output: string
      readonly tensors: BatchNormNames
    }
  /**
   * `activation` is one of `headActivations`, `leakyRelu:` and a slope, or the file's name of another activation. A sigmoid may end the
   * graph.
   */
  | { readonly kind: 'activation'; readonly inputs: readonly [string]; readonly output: string; readonly activation: string }
  /** The product of two activations: x and its sigmoid (`silu`), x and its hard sigmoid (`hardSwish`). */
  | { readonly kind: 'multiply'; readonly inputs: readonly [string, string]; readonly output: string }
  | { readonly kind: 'add'; readonly inputs: readonly [string, string]; readonly output: string }
  /** x multiply + add, with constants of one value or one for each channel. */
  | {
      readonly kind: 'scale'
      readonly inputs: readonly [string]
      readonly output: string
      readonly multiply: readonly number[]
      readonly add: readonly number[]
    }
  /** Makes three equal channels of the input's one. */
  | { readonly kind: 'repeat'; readonly inputs: readonly [string]; readonly output: string }
  | { readonly kind: 'pad'; readonly inputs: readonly [string]; readonly output: string; readonly padding: Padding }
  | { readonly kind: 'globalAveragePool' | 'globalMaxPool'; readonly inputs: readonly [string]; readonly output: string }
  /** A softmax or a LogSoftmax. */
  | { readonly kind: 'softmax'; readonly inputs: readonly [string]; readonly output: string }
  /** Changes no value: a reshape, a flatten, an identity, a change of the integer scale. */
  | { readonly kind: 'same'; readonly inputs: readonly [string]; readonly output: string }
