import { type Bytes, bytesOf } from './bytes.js'
import { unsigned } from './leb128.js'

/** The types of WebAssembly values that kernels use. */
export type ValueType = 'i32' | 'f32' | 'v128'

/** Value types as the binary format writes them (WebAssembly specification, section 5.3). */
export const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b }

/**
 * Instructions without immediate operands, with the types of their operands and results (WebAssembly specification, sections 5.4.7 and
 * 5.4.8). An opcode of more than one byte is written here as its prefix byte, followed by 12 bits of number: 0xfd105 is the prefix 0xfd and
 * the number 0x105. SIMD has the prefix 0xfd, in which relaxed SIMD has the numbers from 0x100 on. Opcodes are numbers and not strings,
 * because minifiers write such strings with characters beyond ASCII, and a page that names no charset misreads them.
 */
export const plainOpcodes = {
  'i32.ne': { code: 0x47, takes: ['i32', 'i32'], gives: 'i32' },
  'i32.lt_s': { code: 0x48, takes: ['i32', 'i32'], gives: 'i32' },
  'i32.lt_u': { code: 0x49, takes: ['i32', 'i32'], gives: 'i32' },
  'i32.add': { code: 0x6a, takes: ['i32', 'i32'], gives: 'i32' },
  'i32.sub': { code: 0x6b, takes: ['i32', 'i32'], gives: 'i32' },
  'i32.mul': { code: 0x6c, takes: ['i32', 'i32'], gives: 'i32' },
  'i32.rem_u': { code: 0x70, takes: ['i32', 'i32'], gives: 'i32' },
  'i32.select': { code: 0x1b, takes: ['i32', 'i32', 'i32'], gives: 'i32' },
  'i8x16.swizzle': { code: 0xfd00e, takes: ['v128', 'v128'], gives: 'v128' },
  'i8x16.narrow_i16x8_s': { code: 0xfd065, takes: ['v128', 'v128'], gives: 'v128' },
  'i8x16.narrow_i16x8_u': { code: 0xfd066, takes: ['v128', 'v128'], gives: 'v128' },
  'i16x8.narrow_i32x4_s': { code: 0xfd085, takes: ['v128', 'v128'], gives: 'v128' },
  'i16x8.extend_low_i8x16_u': { code: 0xfd089, takes: ['v128'], gives: 'v128' },
  'i16x8.extend_high_i8x16_u': { code: 0xfd08a, takes: ['v128'], gives: 'v128' },
  'i32x4.extend_low_i16x8_s': { code: 0xfd0a7, takes: ['v128'], gives: 'v128' },
  'i32x4.extend_high_i16x8_s': { code: 0xfd0a8, takes: ['v128'], gives: 'v128' },
  'i32x4.splat': { code: 0xfd011, takes: ['i32'], gives: 'v128' },
  'i32x4.add': { code: 0xfd0ae, takes: ['v128', 'v128'], gives: 'v128' },
  'i32x4.sub': { code: 0xfd0b1, takes: ['v128', 'v128'], gives: 'v128' },
  'i32x4.mul': { code: 0xfd0b5, takes: ['v128', 'v128'], gives: 'v128' },
  'i32x4.min_s': { code: 0xfd0b6, takes: ['v128', 'v128'], gives: 'v128' },
  'i32x4.max_s': { code: 0xfd0b8, takes: ['v128', 'v128'], gives: 'v128' },
  'i32x4.dot_i16x8_s': { code: 0xfd0ba, takes: ['v128', 'v128'], gives: 'v128' },
  'i32x4.shl': { code: 0xfd0ab, takes: ['v128', 'i32'], gives: 'v128' },
  'i32x4.shr_s': { code: 0xfd0ac, takes: ['v128', 'i32'], gives: 'v128' },
  'f32x4.convert_i32x4_s': { code: 0xfd0fa, takes: ['v128'], gives: 'v128' },
  'f32x4.nearest': { code: 0xfd06a, takes: ['v128'], gives: 'v128' },
  'f32x4.splat': { code: 0xfd013, takes: ['f32'], gives: 'v128' },
  'f32x4.add': { code: 0xfd0e4, takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.sub': { code: 0xfd0e5, takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.mul': { code: 0xfd0e6, takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.div': { code: 0xfd0e7, takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.trunc': { code: 0xfd069, takes: ['v128'], gives: 'v128' },
  'f32x4.pmin': { code: 0xfd0ea, takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.pmax': { code: 0xfd0eb, takes: ['v128', 'v128'], gives: 'v128' },
  'i32x4.relaxed_dot_i8x16_i7x16_add_s': { code: 0xfd113, takes: ['v128', 'v128', 'v128'], gives: 'v128' },
  'f32x4.relaxed_madd': { code: 0xfd105, takes: ['v128', 'v128', 'v128'], gives: 'v128' },
} as const

/** Loads and stores: the type of the value, and how many bytes are read or written, which is their natural alignment. */
export const loadOpcodes = {
  'i32.load': { code: 0x28, type: 'i32', bytes: 4 },
  'v128.load': { code: 0xfd000, type: 'v128', bytes: 16 },
  'v128.load8x8_s': { code: 0xfd001, type: 'v128', bytes: 8 },
  'v128.load8x8_u': { code: 0xfd002, type: 'v128', bytes: 8 },
  'v128.load16x4_s': { code: 0xfd003, type: 'v128', bytes: 8 },
  'v128.load64_zero': { code: 0xfd05d, type: 'v128', bytes: 8 },
  'v128.load32_splat': { code: 0xfd009, type: 'v128', bytes: 4 },
} as const

export const storeOpcodes = {
  'v128.store': { code: 0xfd00b, type: 'v128', bytes: 16 },
} as const

/** Instructions with other immediate operands, which the functions of `code.ts` write. */
export const immediateOpcodes = {
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  br_if: 0x0d,
  call: 0x10,
  'local.get': 0x20,
  'local.set': 0x21,
  'i32.const': 0x41,
  'f32.const': 0x43,
  'v128.const': 0xfd00c,
  'i8x16.shuffle': 0xfd00d,
  'v128.store64_lane': 0xfd05b,
  'memory.copy': 0xfc00a,
  'memory.fill': 0xfc00b,
} as const

export type PlainName = keyof typeof plainOpcodes
export type LoadName = keyof typeof loadOpcodes
export type StoreName = keyof typeof storeOpcodes

/** An opcode of the tables in the binary format. */
export function opcode(code: number): Bytes {
  return code < 0x100 ? bytesOf(code) : bytesOf(code >> 12) + unsigned(code & 0xfff)
}
