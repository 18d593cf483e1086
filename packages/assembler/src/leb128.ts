import type { Bytes } from './bytes.js'

/** An integer from 0 to 2^32 - 1 in unsigned LEB128 (WebAssembly specification, section 5.2.2). */
export function unsigned(value: number): Bytes {
  let bytes = ''
  let rest = value
  while (rest >= 0x80) {
    bytes += String.fromCharCode((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return bytes + String.fromCharCode(rest)
}

/** The low 32 bits of an integer in signed LEB128. So an address from 2^31 on is written as an i32 with the same bits. */
export function signed(value: number): Bytes {
  let bytes = ''
  let rest = value | 0
  while (rest < -0x40 || rest > 0x3f) {
    bytes += String.fromCharCode((rest & 0x7f) | 0x80)
    rest >>= 7
  }
  return bytes + String.fromCharCode(rest & 0x7f)
}
