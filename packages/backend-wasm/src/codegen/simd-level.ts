import { type Code, createModule, i32, load, op, type Statement, store } from '@mobilenetv2/assembler'

/** The SIMD instructions that an engine's WebAssembly has. */
export type SimdLevel = 'relaxed-simd' | 'simd' | 'none'

/** The SIMD instructions that kernels are generated for. */
export type Level = Exclude<SimdLevel, 'none'>

function validates(write: (value: Code<'v128'>) => Code<'v128'>): boolean {
  const module = createModule({ pages: 1 })
  module.define(0, (): Statement[] => [store('v128.store', i32(0), write(load('v128.load', i32(0))))])
  return WebAssembly.validate(module.encode())
}

/**
 * The SIMD instructions that this engine has. It validates a small function for each level. That needs no permission to compile.
 * @example
 * ```ts
 * import { simdLevel } from '@mobilenetv2/backend-wasm'
 *
 * if (simdLevel() === 'none') console.log('This engine cannot run the backend wasm.')
 * ```
 */
export function simdLevel(): SimdLevel {
  if (typeof WebAssembly === 'undefined') return 'none'
  if (validates((value) => op('f32x4.relaxed_madd', value, value, value))) return 'relaxed-simd'
  return validates((value) => op('f32x4.add', value, value)) ? 'simd' : 'none'
}
