import type { Tree } from './structure.js'
import { bytesIn, integerIn, listIn, memberIn, textIn } from './tree-values.js'

/**
 * A tree as a pickle. Lists are tuples. An object has one of these forms:
 * - `{ list }`, and `{ dict }` of pairs;
 * - `{ global: 'module name' }`; `{ persistent: id }`;
 * - `{ call, with }`: the result of a call; `{ object, with, state }`: an object of a class;
 * - `{ twice: levels, of, as }`: containers, each of which holds the one below it twice: pairs, or lists, dictionaries, objects if `as`
 *   says so; `{ inside: levels, of }`: lists in lists.
 */
export type PickleTree = Tree

const mostLevels = 2000

/** Bytes that grow as they are written. */
interface Writer {
  bytes: Uint8Array
  length: number
}

function put(writer: Writer, values: ArrayLike<number>): void {
  const needed = writer.length + values.length
  if (needed > writer.bytes.length) {
    const larger = new Uint8Array(2 * needed)
    larger.set(writer.bytes)
    writer.bytes = larger
  }
  writer.bytes.set(values, writer.length)
  writer.length = needed
}

const int32 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255]

function putText(writer: Writer, text: string): void {
  const bytes = new TextEncoder().encode(text)
  put(writer, [0x58, ...int32(bytes.length)])
  put(writer, bytes)
}

function putNumber(writer: Writer, value: number): void {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) put(writer, [0x4a, ...int32(value)])
  else if (Number.isInteger(value) && Math.abs(value) <= 2 ** 63) {
    put(writer, [0x8a, 8, ...new Uint8Array(BigInt64Array.of(integerIn(value)).buffer)])
  } else put(writer, [0x47, ...new Uint8Array(Float64Array.of(value).buffer).reverse()])
}

const levelsIn = (tree: Tree | undefined): number => Math.min(Math.max(Math.trunc(Number(tree)) || 0, 0), mostLevels)

function putObject(writer: Writer, tree: Tree): void {
  const has = (name: string): boolean => memberIn(tree, name) !== undefined
  const part = (name: string): Tree => memberIn(tree, name) ?? null
  if (has('list')) {
    put(writer, [0x5d, 0x28])
    for (const value of listIn(part('list'))) putTree(writer, value)
    put(writer, [0x65])
  } else if (has('dict')) {
    put(writer, [0x7d, 0x28])
    for (const pair of listIn(part('dict'))) {
      const [key = null, value = null] = listIn(pair)
      putTree(writer, key)
      putTree(writer, value)
    }
    put(writer, [0x75])
  } else if (has('global')) {
    const [module = '', name = ''] = textIn(part('global')).split(' ')
    put(writer, [0x63, ...new TextEncoder().encode(`${module}\n${name}\n`)])
  } else if (has('persistent')) {
    putTree(writer, part('persistent'))
    put(writer, [0x51])
  } else if (has('call')) {
    putTree(writer, part('call'))
    putTree(writer, part('with'))
    put(writer, [0x52])
  } else if (has('object')) {
    putTree(writer, part('object'))
    putTree(writer, part('with'))
    put(writer, [0x81])
    putTree(writer, part('state'))
    put(writer, [0x62])
  } else if (has('twice')) {
    putTree(writer, part('of'))
    // Each container is put into the memo, popped from the stack, and fetched twice.
    const below = [0x68, 0xff]
    const [key, other] = [
      [0x58, 1, 0, 0, 0, 0x61],
      [0x58, 1, 0, 0, 0, 0x62],
    ]
    const containers: Readonly<Record<string, readonly number[]>> = {
      list: [0x5d, 0x28, ...below, ...below, 0x65],
      dict: [0x7d, 0x28, ...key, ...below, ...other, ...below, 0x75],
      object: [0x63, 0x61, 0x0a, 0x42, 0x0a, ...below, ...below, 0x86, 0x81],
    }
    const container = containers[textIn(part('as'))] ?? [...below, ...below, 0x86]
    for (let level = levelsIn(part('twice')); level > 0; level--) put(writer, [0x71, 0xff, 0x30, ...container])
  } else if (has('inside')) {
    const levels = levelsIn(part('inside'))
    for (let level = 0; level < levels; level++) put(writer, [0x5d])
    putTree(writer, part('of'))
    for (let level = 0; level < levels; level++) put(writer, [0x61])
  } else put(writer, [0x4e])
}

function putTree(writer: Writer, tree: Tree): void {
  if (tree === null) put(writer, [0x4e])
  else if (typeof tree === 'boolean') put(writer, [tree ? 0x88 : 0x89])
  else if (typeof tree === 'number') putNumber(writer, tree)
  else if (typeof tree === 'string') putText(writer, tree)
  else if (ArrayBuffer.isView(tree)) {
    const bytes = bytesIn(tree)
    put(writer, [0x42, ...int32(bytes.length)])
    put(writer, bytes)
  } else if (Array.isArray(tree)) {
    put(writer, [0x28])
    for (const value of listIn(tree)) putTree(writer, value)
    put(writer, [0x74])
  } else putObject(writer, tree)
}

/** A pickle of protocol 3. */
export function pickleOf(tree: PickleTree): Uint8Array {
  const writer: Writer = { bytes: new Uint8Array(4096), length: 0 }
  put(writer, [0x80, 3])
  putTree(writer, tree)
  put(writer, [0x2e])
  return writer.bytes.slice(0, writer.length)
}

export const classOf = (name: string): PickleTree => ({ global: name })
export const called = (name: string, parameters: readonly PickleTree[]): PickleTree => ({ call: classOf(name), with: parameters })
export const dict = (pairs: readonly (readonly [PickleTree, PickleTree])[]): PickleTree => ({ dict: pairs })
