import {
  advance,
  type Code,
  type FunctionRef,
  f32,
  type Local,
  load,
  loopWhile,
  type ModuleBuilder,
  type NewLocal,
  op,
  plus,
  type Statement,
  when,
} from '@mobilenetv2/assembler'
import type { Activation } from '@mobilenetv2/spec'

/** Writes kernels into a module, each function once. */
export interface Emitter {
  readonly relaxed: boolean
  /** The function of a name and its sizes: written the first time, the same one afterwards. */
  once(name: string, sizes: unknown, parameterCount: number, write: Parameters<ModuleBuilder['define']>[1]): FunctionRef
}

export function createEmitter(module: ModuleBuilder, relaxed: boolean): Emitter {
  const written = new Map<string, FunctionRef>()
  return {
    relaxed,
    once(name, sizes, parameterCount, write) {
      const key = `${name} ${JSON.stringify(sizes)}`
      const found = written.get(key) ?? module.define(parameterCount, write)
      written.set(key, found)
      return found
    },
  }
}

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

/** What a layer stores for four sums: the activation, then what the layer adds. */
export function layerResult(
  { activation, addsResidual }: { activation: Activation; addsResidual: boolean },
  sums: Code<'v128'>,
  residual: Local<'i32'>,
  offset: number,
): Code<'v128'> {
  const activated = activate(activation, sums)
  return addsResidual ? op('f32x4.add', activated, load('v128.load', residual.get, offset)) : activated
}

export function splat(value: number): Code<'v128'> {
  return op('f32x4.splat', f32(value))
}

/** `body` as often as `count` says (at least once), which it must advance `pointer` by `bytes` each time. */
export function repeat(
  local: NewLocal,
  count: number,
  pointer: Local<'i32'>,
  bytes: number,
  body: readonly Statement[],
): Statement[] {
  if (count === 1) return [...body]
  const end = local('i32')
  return [end.set(plus(pointer.get, count * bytes)), loopWhile(body, op('i32.ne', pointer.get, end.get))]
}

/** The parameters of every kernel's function. */
export interface KernelParameters {
  readonly input: Local<'i32'>
  readonly weights: Local<'i32'>
  readonly output: Local<'i32'>
  readonly residual: Local<'i32'>
  readonly scratch: Local<'i32'>
  readonly begin: Local<'i32'>
  readonly end: Local<'i32'>
}
const kernelParameterCount = 7

/** Defines a kernel's function. */
export function defineKernel(
  emitter: Emitter,
  kernel: unknown,
  write: (local: NewLocal, parameters: KernelParameters) => readonly Statement[],
): FunctionRef {
  return emitter.once('kernel', kernel, kernelParameterCount, (local, input, weights, output, residual, scratch, begin, end) =>
    write(local, { input, weights, output, residual, scratch, begin, end }),
  )
}

/** `body` for the units from `begin` to before `end`, of which there may be none. It leaves `begin` at `end`. */
export function forEachUnit(begin: Local<'i32'>, end: Local<'i32'>, body: readonly Statement[]): Statement[] {
  const more = op('i32.lt_u', begin.get, end.get)
  return [when(more, [loopWhile([...body, advance(begin, 1)], more)])]
}
