/** The types of WebAssembly values that kernels use. */
export type ValueType = 'i32' | 'f32' | 'v128'

/** Value types as the binary format writes them (WebAssembly specification, section 5.3). */
export const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b }

/**
 * Instructions without immediate operands, what they take and give: WebAssembly specification, sections 5.4.7 and 5.4.8. SIMD
 * stands behind the byte 0xfd, relaxed SIMD with numbers from 0x100.
 */
export const plainOpcodes = {
  'i32.ne': { code: [0x47], takes: ['i32', 'i32'], gives: 'i32' },
  'i32.lt_s': { code: [0x48], takes: ['i32', 'i32'], gives: 'i32' },
  'i32.lt_u': { code: [0x49], takes: ['i32', 'i32'], gives: 'i32' },
  'i32.add': { code: [0x6a], takes: ['i32', 'i32'], gives: 'i32' },
  'i32.sub': { code: [0x6b], takes: ['i32', 'i32'], gives: 'i32' },
  'i32.mul': { code: [0x6c], takes: ['i32', 'i32'], gives: 'i32' },
  'i32.rem_u': { code: [0x70], takes: ['i32', 'i32'], gives: 'i32' },
  'i32.select': { code: [0x1b], takes: ['i32', 'i32', 'i32'], gives: 'i32' },
  'f32x4.splat': { code: [0xfd, 0x13], takes: ['f32'], gives: 'v128' },
  'f32x4.add': { code: [0xfd, 0xe4, 0x01], takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.mul': { code: [0xfd, 0xe6, 0x01], takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.pmin': { code: [0xfd, 0xea, 0x01], takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.pmax': { code: [0xfd, 0xeb, 0x01], takes: ['v128', 'v128'], gives: 'v128' },
  'f32x4.relaxed_madd': { code: [0xfd, 0x85, 0x02], takes: ['v128', 'v128', 'v128'], gives: 'v128' },
} as const

/** Loads and stores: what they give or take, and the bytes of their natural alignment. */
export const loadOpcodes = {
  'v128.load': { code: [0xfd, 0x00], type: 'v128', bytes: 16 },
  'v128.load32_splat': { code: [0xfd, 0x09], type: 'v128', bytes: 4 },
} as const

export const storeOpcodes = {
  'v128.store': { code: [0xfd, 0x0b], type: 'v128', bytes: 16 },
} as const

/** Instructions with other immediate operands; the functions of `code.ts` write those. */
export const immediateOpcodes = {
  loop: [0x03],
  if: [0x04],
  end: [0x0b],
  br_if: [0x0d],
  call: [0x10],
  'local.get': [0x20],
  'local.set': [0x21],
  'i32.const': [0x41],
  'f32.const': [0x43],
  'memory.copy': [0xfc, 0x0a],
  'memory.fill': [0xfc, 0x0b],
} as const

export type PlainName = keyof typeof plainOpcodes
export type LoadName = keyof typeof loadOpcodes
export type StoreName = keyof typeof storeOpcodes
