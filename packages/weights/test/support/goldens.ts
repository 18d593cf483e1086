import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** A file beside the scripts that made it; most are kept gzipped, and come out unzipped. */
export function goldenBytes(name: string): Uint8Array {
  const plain = new URL(`../goldens/${name}`, import.meta.url)
  if (existsSync(plain) && !name.endsWith('.gz')) return new Uint8Array(readFileSync(plain))
  const zipped = new URL(`../goldens/${name.replace(/(\.gz)?$/, '.gz')}`, import.meta.url)
  return new Uint8Array(gunzipSync(readFileSync(zipped)))
}

/** A golden's JSON. */
export function golden<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(`../goldens/${name}`, import.meta.url), 'utf8')) as Content
}

/** A copy of a file with some of it replaced. */
export function patched(bytes: Uint8Array, at: number, replacement: ArrayLike<number>): Uint8Array {
  const copy = bytes.slice()
  copy.set(replacement, at)
  return copy
}

/** The offset of a text in a file, searched from `from` on; -1 if it is not there. */
export function find(bytes: Uint8Array, text: string, from = 0): number {
  const wanted = [...text].map((character) => character.charCodeAt(0))
  for (let at = from; at + wanted.length <= bytes.length; at++)
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at
  return -1
}
