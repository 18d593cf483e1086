import { setFlagsFromString } from 'node:v8'

/** Whether V8 joins neighbouring vectors to 256 bits. `wrong` means that it computed wrong results, so they are separate again. */
export type Vectors = 'separate' | 'joined' | 'wrong'

const flag = 'experimental-wasm-revectorize'

/** Why V8's vectors cannot be joined to 256 bits here; null if they can. */
export function whyNotJoined(): string | null {
  const [major = 0, minor = 0] = (process.versions.v8 ?? '').split('.').map(Number)
  // The flag was tried in V8 13.6 and 14 only, and V8 prints an error for a flag that it does not have.
  if ('bun' in process.versions || !(major === 14 || (major === 13 && minor >= 6)))
    return 'vectors of 256 bits need Node 24, 25 or 26'
  if (process.arch !== 'x64') return `only x64 has vectors of 256 bits, and this is ${process.arch}`
  return state === 'wrong' ? 'this V8 computes wrong with them' : null
}

let state: Vectors = 'separate'
if (process.execArgv.includes(`--${flag}`) && whyNotJoined() === null) state = 'joined'

export function vectors(): Vectors {
  return state
}

/**
 * Lets V8 join neighbouring vectors to 256 bits in all WebAssembly that this process compiles from now on. It sets V8's flag
 * `--experimental-wasm-revectorize`. The backend `wasm` then measures whether that is faster, and uses it if it is.
 * @returns null; or the reason why vectors cannot be joined here, as always in a browser
 * @example
 * ```ts
 * import { joinVectors, wasm } from '@mobilenetv2/backend-wasm'
 *
 * const reason = joinVectors()
 * console.log(reason ?? (await wasm().availability()))
 * ```
 */
export function joinVectors(): string | null {
  const reason = whyNotJoined()
  if (reason === null && state !== 'joined') {
    setFlagsFromString(`--${flag}`)
    state = 'joined'
  }
  return reason
}

/** Undoes `joinVectors` for code that is compiled from now on. */
export function separateVectors(to: Exclude<Vectors, 'joined'>): void {
  if (state === 'joined') setFlagsFromString(`--no-${flag}`)
  state = to
}
