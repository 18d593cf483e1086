import { type Code, createModule, i32, load, op, type Statement, store } from '@mobilenetv2/assembler'

/** What the engine's WebAssembly can do, of what kernels can use. */
export type SimdLevel = 'relaxed-simd' | 'simd' | 'none'

/** What kernels are made for. */
export type Level = Exclude<SimdLevel, 'none'>

function validates(write: (value: Code<'v128'>) => Code<'v128'>): boolean {
  const module = createModule({ pages: 1 })
  module.define(0, (): Statement[] => [store('v128.store', i32(0), write(load('v128.load', i32(0))))])
  return WebAssembly.validate(module.encode())
}

/** Asks the engine by validating one function a level, which needs no permission to compile. */
export function simdLevel(): SimdLevel {
  if (typeof WebAssembly === 'undefined') return 'none'
  if (validates((value) => op('f32x4.relaxed_madd', value, value, value))) return 'relaxed-simd'
  return validates((value) => op('f32x4.add', value, value)) ? 'simd' : 'none'
}
