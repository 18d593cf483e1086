import type { Tree } from './structure.js'

/** A changed tree may have a value of the wrong kind. These functions give a value that an encoder can write. */

export function textIn(tree: Tree | undefined): string {
  return typeof tree === 'string' ? tree : typeof tree === 'number' ? String(tree) : ''
}

export function numberIn(tree: Tree | undefined): number {
  return typeof tree === 'number' ? tree : tree === true ? 1 : 0
}

export function listIn(tree: Tree | undefined): readonly Tree[] {
  return Array.isArray(tree) ? tree : []
}

/** A member of an object; undefined if there is no such member, or the value is no object. */
export function memberIn(tree: Tree | undefined, name: string): Tree | undefined {
  if (tree === null || typeof tree !== 'object' || Array.isArray(tree) || ArrayBuffer.isView(tree)) return undefined
  return Object.hasOwn(tree, name) ? (tree as { readonly [name: string]: Tree })[name] : undefined
}

export function bytesIn(tree: Tree | undefined): Uint8Array {
  return ArrayBuffer.isView(tree) ? (tree as Uint8Array) : new Uint8Array()
}

/** A whole number of 64 bits: what a number becomes when it is cut to them. */
export function integerIn(tree: Tree | undefined): bigint {
  const value = numberIn(tree)
  if (!Number.isFinite(value)) return 0n
  const whole = BigInt(Math.trunc(value))
  const most = 2n ** 63n - 1n
  return whole > most ? most : whole < -most - 1n ? -most - 1n : whole
}
