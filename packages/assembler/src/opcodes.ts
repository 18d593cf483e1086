import type { Bytes } from './bytes.js'

/** The types of WebAssembly values that kernels use. */
export type ValueType = 'i32' | 'f32' | 'v128'

/** Value types as the binary format writes them (WebAssembly specification, section 5.3). */
export const typeCodes: Readonly<Record<ValueType, Bytes>> = { i32: '\x7f', f32: '\x7d', v128: '\x7b' }

/**
 * Instructions without immediate operands, what they take and give: WebAssembly specification, sections 5.4.7 and 5.4.8. SIMD
 * stands behind the byte 0xfd, relaxed SIMD with numbers from 0x100.
 */
export const plainOpcodes = {
  'i32.ne': { code: '\x47', takes: ['i32', 'i32'], gives: 'i32' },
  'i32.lt_s': { code: '\x48', takes: ['i32', 'i32'], gives: 'i32' },
  'i32.lt_u': { code: '\x49', takes: ['i32', 'i32'], gives: 'i32' },
  'i32.add': { code: '\x6a', takes: ['i32', 'i32'], gives: 'i32' },
  'i32.sub': { code: '\x6b', takes: ['i32', 'i32'], gives: 'i32' },
  'i32.mul': { code: '\x6c', takes: ['i32', 'i32'], gives: 'i32' },
  'i32.rem_u': { code: '\x70', takes: ['i32', 'i32'], gives: 'i32' },
  'i32.select': { code: '\x1b', takes: ['i32', 'i32', 'i32'], gives: 'i32' },
  'i8x16.swizzle': { code: '\xfd\x0e', takes: ['v128', 'v128'], gives: 'v128' },
  'i8x16.narrow_i16x8_u': { code: '\xfd\x66', takes: ['v128', 'v128'], gives: 'v128' },
  'i16x8.narrow_i32x4_s': { code: '\xfd\x85\x01', takes: ['v128', 'v128'], gives: 'v128' },
  'i16x8.extend_low_i8x16_u': { code: '\xfd\x89\x01', takes: ['v128'], gives: 'v128' },
  'i16x8.extend_high_i8x16_u': { code: '\xfd\x8a\x01', takes: ['v128'], gives: 'v128' },
  'i32x4.splat': { code: '\xfd\x11', takes: ['i32'], gives: 'v128' },
  'i32x4.add': { code: '\xfd\xae\x01', takes: ['v128', 'v128'], gives: 'v128' },
  'i32x4.dot_i16x8_s': { code: '\xfd\xba\x01', takes: ['v128', 'v128'], gives: 'v128' },
  'i32x4.shl': { code: '\xfd\xab\x01', takes: ['v128', 'i32'], gives: 'v128' },
  'i32x4.shr_s': { code: '\xfd\xac\x01', takes: ['v128', 'i32'], gives: 'v128' },
  'f32x4.splat': { code: '\xfd\x13', takes: ['f32'], gives: 'v128' },
  'f32x4.add': { code: '\xfd\xe4\x01', takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.mul': { code: '\xfd\xe6\x01', takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.pmin': { code: '\xfd\xea\x01', takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.pmax': { code: '\xfd\xeb\x01', takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.relaxed_madd': { code: '\xfd\x85\x02', takes: ['v128', 'v128', 'v128'], gives: 'v128' },
} as const

/** Loads and stores: what they give or take, and the bytes of their natural alignment. */
export const loadOpcodes = {
  'i32.load': { code: '\x28', type: 'i32', bytes: 4 },
  'v128.load': { code: '\xfd\x00', type: 'v128', bytes: 16 },
  'v128.load32_splat': { code: '\xfd\x09', type: 'v128', bytes: 4 },
} as const

export const storeOpcodes = {
  'v128.store': { code: '\xfd\x0b', type: 'v128', bytes: 16 },
} as const

/** Instructions with other immediate operands; the functions of `code.ts` write those. */
export const immediateOpcodes = {
  loop: '\x03',
  if: '\x04',
  end: '\x0b',
  br_if: '\x0d',
  call: '\x10',
  'local.get': '\x20',
  'local.set': '\x21',
  'i32.const': '\x41',
  'f32.const': '\x43',
  'v128.const': '\xfd\x0c',
  'i8x16.shuffle': '\xfd\x0d',
  'memory.copy': '\xfc\x0a',
  'memory.fill': '\xfc\x0b',
} as const

export type PlainName = keyof typeof plainOpcodes
export type LoadName = keyof typeof loadOpcodes
export type StoreName = keyof typeof storeOpcodes
