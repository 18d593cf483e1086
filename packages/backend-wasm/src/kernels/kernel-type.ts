import type { Local, NewLocal, Statement } from '@mobilenetv2/assembler'
import type { BodyLayer } from '@mobilenetv2/runtime'
import type { LayerId } from '@mobilenetv2/spec'
import type { ValueBytes } from '../codegen/arithmetic.js'
import type { Emitter } from '../codegen/emitter.js'
import type { Numbers } from '../numbers/numbers.js'
import type { Tuning } from '../tuning/tuning.js'

/** The layers that no kernel has yet, in their order. */
export interface LayersAhead {
  readonly layers: readonly BodyLayer[]
  /** Values from one pixel of the first layer's input to the next pixel. */
  readonly inputStride: number
  /** Of a value of the first layer's input. */
  readonly inputBytes: ValueBytes
  /** The layers whose output another layer adds; it must be whole in memory. */
  readonly added: ReadonlySet<LayerId>
  readonly tuning: Tuning
  readonly numbers: Numbers
}

/** The weights of one layer in memory. */
export interface PackedWeights<Layer> {
  readonly bytes: number
  /** Writes a layer's parameters to an address, where zeros are, as the kernel reads them. */
  pack(layer: Layer, memory: ArrayBufferLike, address: number): void
}

/** What a kernel asks of the plan. */
export interface KernelNeeds<Layer = never> {
  /** Parts of its work that do not depend on each other, so that threads can share them out. */
  readonly units: number
  /** The weights of its layers, in their order; in memory each layer's stand directly behind those of the one before. */
  readonly weights: readonly PackedWeights<Layer>[]
  /** Bytes that one thread needs beside input and output. */
  readonly scratchBytes: number
  /** Bytes that it reads of the row of zeros. */
  readonly zeroBytes: number
}

/** The parameters of every kernel's function: addresses, and the units to do, from `begin` to before `end`. */
export type KernelParameters = Readonly<
  Record<'input' | 'weights' | 'output' | 'residual' | 'scratch' | 'begin' | 'end', Local<'i32'>>
>

/** A kernel. A shape is plain data: sizes and no addresses. Calls of equal shape share one function. */
export interface KernelType<Shape> {
  /** The shape in which the kernel runs the first `layerCount` layers ahead; null if it cannot run them, or is not the fastest. */
  take(ahead: LayersAhead): { readonly layerCount: number; readonly shape: Shape } | null
  needs<Layer>(shape: Shape, numbers: Numbers<Layer>): KernelNeeds<Layer>
  /** The body of the kernel's function. */
  emit(emitter: Emitter, shape: Shape, parameters: KernelParameters, local: NewLocal): readonly Statement[]
}
