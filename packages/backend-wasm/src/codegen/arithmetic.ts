import { type Code, f32, type Local, load, type NewLocal, op, type Statement } from '@mobilenetv2/assembler'
import type { Activation } from '@mobilenetv2/spec'
import type { Emitter } from './emitter.js'

/** a * b + c: fused where the engine has relaxed SIMD, else rounded in between. */
export function multiplyAdd({ relaxed }: Emitter, a: Code<'v128'>, b: Code<'v128'>, c: Code<'v128'>): Code<'v128'> {
  return relaxed ? op('f32x4.relaxed_madd', a, b, c) : op('f32x4.add', op('f32x4.mul', a, b), c)
}

/** The bounds between which an activation keeps its values. */
function boundsOf(activation: Activation): { readonly lower?: number; readonly upper?: number } {
  switch (activation) {
    case 'linear':
      return {}
    case 'relu':
      return { lower: 0 }
    case 'relu6':
      return { lower: 0, upper: 6 }
    default:
      return activation satisfies never
  }
}

/** What a kernel does with a layer's sums before it stores them. */
export interface Finish {
  readonly activation: Activation
  readonly addsResidual: boolean
}

export function finishOf({ activation, residual }: { activation: Activation; residual: string | null }): Finish {
  return { activation, addsResidual: residual !== null }
}

/** What is done with sums before they are stored. */
export interface Finishing {
  /** Comes before all results. */
  readonly set: readonly Statement[]
  /** What a layer stores for four sums: the activation, then what the layer adds. */
  result(sums: Code<'v128'>, residual: Local<'i32'>, offset: number): Code<'v128'>
}

/**
 * The bounds stand in locals, once for all vectors: V8 joins two neighbouring operations to one of 256 bits only if both take the same
 * bound. The operands stand so that a NaN stays a NaN, and x64 takes one instruction for each bound.
 */
export function finishing(local: NewLocal, { activation, addsResidual }: Finish): Finishing {
  const bounds = (['lower', 'upper'] as const).flatMap((side) => {
    const value = boundsOf(activation)[side]
    return value === undefined ? [] : [{ side, value, held: local('v128') }]
  })
  return {
    set: bounds.map(({ value, held }) => held.set(splat(value))),
    result(sums, residual, offset) {
      const activated = bounds.reduce(
        (value, { side, held }) => op(side === 'lower' ? 'f32x4.pmax' : 'f32x4.pmin', value, held.get),
        sums,
      )
      return addsResidual ? op('f32x4.add', activated, load('v128.load', residual.get, offset)) : activated
    },
  }
}

export function splat(value: number): Code<'v128'> {
  return op('f32x4.splat', f32(value))
}
