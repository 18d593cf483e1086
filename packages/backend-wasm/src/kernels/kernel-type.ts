import type { Local, NewLocal, Statement } from '@mobilenetv2/assembler'
import type { BodyLayer } from '@mobilenetv2/runtime'
import type { LayerId } from '@mobilenetv2/spec'
import type { ValueBytes } from '../codegen/arithmetic.js'
import type { Emitter } from '../codegen/emitter.js'
import type { Numbers } from '../numbers/numbers.js'
import type { Tuning } from '../tuning/tuning.js'

/** The layers that have no kernel yet, in order. */
export interface LayersAhead {
  readonly layers: readonly BodyLayer[]
  /** The number of values from one pixel of the first layer's input to the next. */
  readonly inputStride: number
  /** The bytes of a value of the first layer's input. */
  readonly inputBytes: ValueBytes
  /** The layers whose output another layer adds as a residual. Such an output must be stored as a whole. */
  readonly added: ReadonlySet<LayerId>
  readonly tuning: Tuning
  readonly numbers: Numbers
}

/** The weights of one layer in memory. */
export interface PackedWeights<Layer> {
  readonly bytes: number
  /** Writes a layer's parameters to an address in the order in which the kernel reads them. The memory there must be zeros. */
  pack(layer: Layer, memory: ArrayBufferLike, address: number): void
}

/** What a kernel needs from the plan. */
export interface KernelNeeds<Layer = never> {
  /** The number of independent parts of its work, which threads share. */
  readonly units: number
  /** The weights of its layers in order. In memory, the weights of each layer follow those of the layer before without a gap. */
  readonly weights: readonly PackedWeights<Layer>[]
  /** The bytes of scratch for each thread. */
  readonly scratchBytes: number
  /** How many bytes of the row of zeros it reads. */
  readonly zeroBytes: number
}

/** The parameters of every kernel's function: addresses, and the units to compute, from `begin` to before `end`. */
export type KernelParameters = Readonly<
  Record<'input' | 'weights' | 'output' | 'residual' | 'scratch' | 'begin' | 'end', Local<'i32'>>
>

/** A kernel. Its shape is plain data with sizes, but no addresses. Calls of equal shape share one function. */
export interface KernelType<Shape> {
  /**
   * The shape with which the kernel runs the first `layerCount` layers ahead; null if it cannot run them, or if another kernel is faster.
   */
  take(ahead: LayersAhead): { readonly layerCount: number; readonly shape: Shape } | null
  needs<Layer>(shape: Shape, numbers: Numbers<Layer>): KernelNeeds<Layer>
  /** The body of the kernel's function. */
  emit(emitter: Emitter, shape: Shape, parameters: KernelParameters, local: NewLocal): readonly Statement[]
}
