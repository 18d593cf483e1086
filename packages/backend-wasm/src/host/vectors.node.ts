import { setFlagsFromString } from 'node:v8'

/** Whether V8 joins neighbouring vectors to 256 bits: `wrong` if it was found to compute wrong with them, and no longer does. */
export type Vectors = 'separate' | 'joined' | 'wrong'

const flag = 'experimental-wasm-revectorize'

/** Why V8's vectors cannot be joined to 256 bits here; null if they can. */
export function whyNotJoined(): string | null {
  const [major = 0, minor = 0] = (process.versions.v8 ?? '').split('.').map(Number)
  // The flag of V8 13.6 and 14 was tried. V8 prints an error for a flag that it does not know.
  if ('bun' in process.versions || !(major === 14 || (major === 13 && minor >= 6))) return 'it takes Node 24, 25 or 26'
  if (process.arch !== 'x64') return `only x64 has vectors of 256 bits, and this is ${process.arch}`
  return state === 'wrong' ? 'this V8 computes wrong with them' : null
}

let state: Vectors = 'separate'
if (process.execArgv.includes(`--${flag}`) && whyNotJoined() === null) state = 'joined'

export function vectors(): Vectors {
  return state
}

/**
 * Joins vectors in all code that this process compiles from now on, by a flag of V8.
 * @returns null, or why it cannot be
 */
export function joinVectors(): string | null {
  const reason = whyNotJoined()
  if (reason === null && state !== 'joined') {
    setFlagsFromString(`--${flag}`)
    state = 'joined'
  }
  return reason
}

/** Undoes `joinVectors`, for what is compiled from now on. */
export function separateVectors(to: Exclude<Vectors, 'joined'>): void {
  if (state === 'joined') setFlagsFromString(`--no-${flag}`)
  state = to
}
