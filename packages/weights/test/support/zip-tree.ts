import { deflateSync } from 'fflate'
import type { Tree } from './structure.js'
import { bytesIn, listIn, memberIn, numberIn, textIn } from './tree-values.js'

/** Fields of an entry in the tree. Each is added to the number that a valid zip has in that place, so it is 0 for a valid zip. */
const fields = ['packed', 'size', 'offset', 'nameLength', 'extraLength', 'checksum'] as const

/** A zip as a tree: entries in order, each with its name, bytes, how it is packed, and what is added to each of its numbers. */
export function zipTree(files: Readonly<Record<string, Uint8Array>>, method: 0 | 8 = 0): Tree {
  return {
    entries: Object.entries(files).map(([name, bytes]) => ({
      ...{ name, bytes, method, flags: 0, local: 0x04034b50, central: 0x02014b50 },
      wrong: Object.fromEntries(fields.map((field) => [field, 0])),
    })),
    end: { count: 0, offset: 0, size: 0, comment: 0 },
  }
}

const deflated = new WeakMap<Uint8Array, Uint8Array>()

/** Packed bytes, packed once. */
function packed(bytes: Uint8Array): Uint8Array {
  const known = deflated.get(bytes) ?? deflateSync(bytes, { level: 1 })
  deflated.set(bytes, known)
  return known
}

/** The part of a number that fits into 32 or 16 bits. */
function uint(value: number, bits: 16 | 32): number {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** bits) return value
  return Number(BigInt.asUintN(bits, BigInt(Number.isFinite(value) ? Math.trunc(value) : 0)))
}

/** The bytes of the zip that a tree describes. */
export function zipOf(tree: Tree): Uint8Array {
  const chunks: Uint8Array[] = []
  let length = 0
  const add = (bytes: Uint8Array): void => {
    chunks.push(bytes)
    length += bytes.length
  }
  /** Little-endian numbers of 4 bytes, or of 2 where they are in a list. */
  const record = (values: readonly (number | readonly [number])[]): Uint8Array => {
    const bytes: number[] = []
    for (const value of values) {
      const number = typeof value === 'number' ? uint(value, 32) : uint(value[0], 16)
      bytes.push(number & 255, (number >>> 8) & 255)
      if (typeof value === 'number') bytes.push((number >>> 16) & 255, number >>> 24)
    }
    return Uint8Array.from(bytes)
  }
  const directory: Uint8Array[] = []
  const entries = listIn(memberIn(tree, 'entries'))
  for (const entry of entries) {
    const name = new TextEncoder().encode(textIn(memberIn(entry, 'name')).slice(0, 30_000))
    const bytes = bytesIn(memberIn(entry, 'bytes'))
    const [method, flags] = [numberIn(memberIn(entry, 'method')), numberIn(memberIn(entry, 'flags'))]
    const content = method === 8 ? packed(bytes) : bytes
    const wrong = (field: (typeof fields)[number]): number => numberIn(memberIn(memberIn(entry, 'wrong'), field))
    const offset = length
    const sizes = [wrong('checksum'), content.length + wrong('packed'), bytes.length + wrong('size')]
    const lengths = [[name.length + wrong('nameLength')], [wrong('extraLength')]] as const
    add(record([numberIn(memberIn(entry, 'local')), [20], [flags], [method], 0, ...sizes, ...lengths]))
    add(name)
    add(content)
    directory.push(
      record([
        numberIn(memberIn(entry, 'central')),
        [20],
        [20],
        [flags],
        [method],
        0,
        ...sizes,
        ...lengths,
        [0],
        [0],
        [0],
        0,
        offset + wrong('offset'),
      ]),
      name,
    )
  }
  const start = length
  for (const part of directory) add(part)
  const end = (field: string): number => numberIn(memberIn(memberIn(tree, 'end'), field))
  const count = entries.length + end('count')
  add(record([0x06054b50, [0], [0], [count], [count], length - start + end('size'), start + end('offset'), [end('comment')]]))
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
