import { type Code, f32, op } from '@mobilenetv2/assembler'
import type { Activation, LayerId } from '@mobilenetv2/spec'
import type { Numbers } from '../numbers/numbers.js'
import type { Emitter } from './emitter.js'

/** a * b + c: a fused multiply-add if the engine has relaxed SIMD, else with rounding in between. */
export function multiplyAdd({ relaxed }: Emitter, a: Code<'v128'>, b: Code<'v128'>, c: Code<'v128'>): Code<'v128'> {
  return relaxed ? op('f32x4.relaxed_madd', a, b, c) : op('f32x4.add', op('f32x4.mul', a, b), c)
}

/** The bytes of a value: 4 for float32, 2 or 1 for an integer (`held.ts`). */
export type ValueBytes = 1 | 2 | 4

/** What a kernel does with a layer's sums before it stores them. */
export interface Finish {
  readonly activation: Activation
  readonly addsResidual: boolean
  /** The bytes of a value of the output. */
  readonly outputBytes: ValueBytes
  /** Whether saturation when storing in 8 bits already keeps the results within their bounds. */
  readonly saturates: boolean
}

export function finishOf(
  { id, activation, residual }: { readonly id: LayerId; readonly activation: Activation; readonly residual: LayerId | null },
  outputBytes: Finish['outputBytes'],
  numbers: Numbers,
): Finish {
  return { activation, addsResidual: residual !== null, outputBytes, saturates: numbers.saturates(id) }
}

export function splat(value: number): Code<'v128'> {
  return op('f32x4.splat', f32(value))
}
