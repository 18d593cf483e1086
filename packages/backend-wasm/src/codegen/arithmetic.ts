import { type Code, f32, type Local, load, op } from '@mobilenetv2/assembler'
import type { Activation } from '@mobilenetv2/spec'
import type { Emitter } from './emitter.js'

/** a * b + c: fused where the engine has relaxed SIMD, else rounded in between. */
export function multiplyAdd({ relaxed }: Emitter, a: Code<'v128'>, b: Code<'v128'>, c: Code<'v128'>): Code<'v128'> {
  return relaxed ? op('f32x4.relaxed_madd', a, b, c) : op('f32x4.add', op('f32x4.mul', a, b), c)
}

/** The activation of four values. The operands stand so that a NaN stays a NaN, and x64 takes one instruction for each bound. */
function activate(activation: Activation, value: Code<'v128'>): Code<'v128'> {
  switch (activation) {
    case 'linear':
      return value
    case 'relu':
      return op('f32x4.pmax', value, splat(0))
    case 'relu6':
      return op('f32x4.pmin', op('f32x4.pmax', value, splat(0)), splat(6))
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

/** What a layer stores for four sums: the activation, then what the layer adds. */
export function layerResult(finish: Finish, sums: Code<'v128'>, residual: Local<'i32'>, offset: number): Code<'v128'> {
  const activated = activate(finish.activation, sums)
  return finish.addsResidual ? op('f32x4.add', activated, load('v128.load', residual.get, offset)) : activated
}

export function splat(value: number): Code<'v128'> {
  return op('f32x4.splat', f32(value))
}
