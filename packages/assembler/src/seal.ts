import { type Bytes, bytesOf, type ModuleBytes, toArray } from './bytes.js'
import { unsigned } from './leb128.js'

/** The name of the custom section that holds a seal (WebAssembly specification, section 5.5.3). */
const sectionName = 'mobilenetv2'

/** The content of a seal. */
export interface Seal {
  /** The `fingerprint` of the module without the seal. */
  readonly code: string
  /** The settings with which the code was made. */
  readonly settings: unknown
}

/**
 * A hash of 64 bits, as 16 hexadecimal digits: FNV-1a, and a second sum of the same kind. It detects mistakes. It does not stop an
 * attacker, who could also change the code that checks it.
 * @internal
 */
export function fingerprint(bytes: Uint8Array): string {
  let first = 0x811c9dc5
  let second = 0x2545f491
  for (const byte of bytes) {
    first = Math.imul(first ^ byte, 0x01000193)
    second = Math.imul(second ^ byte, 0x5bd1e995) ^ (second >>> 15)
  }
  return [first, second].map((sum) => (sum >>> 0).toString(16).padStart(8, '0')).join('')
}

function sized(bytes: Bytes): Bytes {
  return unsigned(bytes.length) + bytes
}

function text(value: string): Bytes {
  return bytesOf(...new TextEncoder().encode(value))
}

/**
 * Appends a seal to a module, as a custom section, which engines ignore.
 * @internal
 */
export function sealModule(code: ModuleBytes, settings: object): ModuleBytes {
  const seal: Seal = { code: fingerprint(code), settings }
  const section = toArray(bytesOf(0) + sized(sized(text(sectionName)) + text(JSON.stringify(seal))))
  const sealed = new Uint8Array(code.length + section.length)
  sealed.set(code)
  sealed.set(section, code.length)
  return sealed
}

/**
 * The seal of a `WebAssembly.Module`; null if it has none.
 * @internal
 */
export function readSeal(module: object): Seal | null {
  const [section] = WebAssembly.Module.customSections(module as WebAssembly.Module, sectionName)
  if (section === undefined) return null
  try {
    const { code, settings } = JSON.parse(new TextDecoder().decode(section)) as Partial<Seal>
    return typeof code === 'string' ? { code, settings } : null
  } catch {
    return null
  }
}
