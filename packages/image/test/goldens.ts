import { readFileSync } from 'node:fs'

/** A golden file of test/goldens. Its `madeBy` names the script that made it, with its version. */
export function golden<Content>(name: string): Content & { readonly madeBy: string } {
  return JSON.parse(readFileSync(new URL(`./goldens/${name}.json`, import.meta.url), 'utf8'))
}

export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

export function floatsOf(base64: string): Float32Array {
  return new Float32Array(bytesOf(base64).buffer)
}
