import type { Padding } from '@mobilenetv2/spec'
import type { BatchNormNames } from './graph.js'

/** One node of a file's graph, in the words that all formats share. `inputs` are names of activations, not of constants. */
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
  /** The activation is one of `headActivations`, `leakyRelu:` and a slope, or the file's own word for another. A sigmoid may end the graph. */
  | { readonly kind: 'activation'; readonly inputs: readonly [string]; readonly output: string; readonly activation: string }
  /** A product of two activations: x and its sigmoid (`silu`), x and its hard sigmoid (`hardSwish`). */
  | { readonly kind: 'multiply'; readonly inputs: readonly [string, string]; readonly output: string }
  | { readonly kind: 'add'; readonly inputs: readonly [string, string]; readonly output: string }
  /** x multiply + add, by constants of one value or one a channel. */
  | {
      readonly kind: 'scale'
      readonly inputs: readonly [string]
      readonly output: string
      readonly multiply: readonly number[]
      readonly add: readonly number[]
    }
  /** The input's one channel as three equal ones. */
  | { readonly kind: 'repeat'; readonly inputs: readonly [string]; readonly output: string }
  | { readonly kind: 'pad'; readonly inputs: readonly [string]; readonly output: string; readonly padding: Padding }
  | { readonly kind: 'globalAveragePool' | 'globalMaxPool'; readonly inputs: readonly [string]; readonly output: string }
  /** A softmax or a LogSoftmax. */
  | { readonly kind: 'softmax'; readonly inputs: readonly [string]; readonly output: string }
  /** Changes the form but no value: a reshape, a flatten, an identity, a change of the integer scale. */
  | { readonly kind: 'same'; readonly inputs: readonly [string]; readonly output: string }
