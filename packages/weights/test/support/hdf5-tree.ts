import type { Tree } from './structure.js'
import { bytesIn, integerIn, listIn, memberIn, numberIn, textIn } from './tree-values.js'

/**
 * An HDF5 file as a tree, in the newer form of the format. `wrong` is added to a number of a valid file.
 * - A group: `{ links: [{ name, object, wrong }], attributes: [{ name, texts, length }] }`.
 * - A dataset: `{ shape, type, layout: { kind, version, address, size }, bytes, attributes }`.
 */
export type Hdf5Tree = Tree

/** Kinds of data layouts. */
const [compact, contiguous, chunked] = [0, 1, 2]

/** The datatype of float32: its class, flags, bytes, and the bits of its fraction. */
const float32 = { class: 0x11, flags: 0x20, size: 4, fraction: 23 }

/** A group of objects by name. */
export function group(
  members: Readonly<Record<string, Hdf5Tree>>,
  texts: Readonly<Record<string, readonly string[]>> = {},
): Hdf5Tree {
  return {
    links: Object.entries(members).map(([name, object]) => ({ name, object, wrong: 0, type: 0 })),
    attributes: Object.entries(texts).map(([name, values]) => ({ name, texts: values, count: values.length, length: 0 })),
  }
}

/** A dataset of float32. */
export function dataset(
  shape: readonly number[],
  bytes: Uint8Array,
  kind: 'compact' | 'contiguous' | 'chunked' = 'contiguous',
): Hdf5Tree {
  const layout = {
    kind: [compact, contiguous, chunked][['compact', 'contiguous', 'chunked'].indexOf(kind)]!,
    version: 3,
    address: 0,
    size: 0,
    rank: 0,
  }
  return { shape, type: float32, layout, chunk: shape, bytes, attributes: [] }
}

/** `count` bytes of a number, the lowest first. */
function uint(value: Tree | undefined, count: number): number[] {
  const whole = BigInt.asUintN(8 * count, integerIn(value))
  return Array.from({ length: count }, (_, byte) => Number((whole >> BigInt(8 * byte)) & 0xffn))
}

const text = (tree: Tree | undefined): Uint8Array => new TextEncoder().encode(textIn(tree).slice(0, 60_000))

/** A message of an object's header. */
function message(type: number, content: readonly number[]): number[] {
  return [type, ...uint(content.length, 2), 0, ...content]
}

function dataspace(shape: readonly Tree[]): number[] {
  return [2, shape.length & 0xff, 0, shape.length === 0 ? 0 : 1, ...shape.flatMap((extent) => uint(extent, 8))]
}

function attribute(tree: Tree): number[] {
  const values = listIn(memberIn(tree, 'texts')).map(text)
  const longest = Math.max(1, ...values.map(({ length }) => length)) + numberIn(memberIn(tree, 'length'))
  const size = Number.isFinite(longest) ? Math.max(0, Math.min(Math.trunc(longest), 60_000)) : 0
  const name = [...text(memberIn(tree, 'name')), 0]
  // A text of a fixed length.
  const datatype = [0x13, 0, 0, 0, ...uint(longest, 4)]
  const space = dataspace([memberIn(tree, 'count') ?? null])
  const content = values.flatMap((value) => [
    ...value.subarray(0, size),
    ...new Array<number>(Math.max(0, size - value.length)).fill(0),
  ])
  const lengths = [...uint(name.length, 2), ...uint(datatype.length, 2), ...uint(space.length, 2)]
  return [3, 0, ...lengths, 0, ...name, ...datatype, ...space, ...content]
}

/** The bytes of a file. */
export function hdf5Of(root: Hdf5Tree): Uint8Array {
  const chunks: Uint8Array[] = []
  let length = 48
  const add = (bytes: ArrayLike<number>): number => {
    chunks.push(bytes instanceof Uint8Array ? bytes : Uint8Array.from(bytes))
    length += bytes.length
    return length - bytes.length
  }
  const header = (messages: readonly number[]): number =>
    add([0x4f, 0x48, 0x44, 0x52, 2, 2, ...uint(messages.length, 4), ...messages, 0, 0, 0, 0])
  const attributes = (tree: Tree): number[] =>
    listIn(memberIn(tree, 'attributes')).flatMap((each) => message(0x0c, attribute(each)))

  const addDataset = (tree: Tree): number => {
    const part = (name: string, field: string): number => numberIn(memberIn(memberIn(tree, name), field))
    const [shape, bytes] = [listIn(memberIn(tree, 'shape')), bytesIn(memberIn(tree, 'bytes'))]
    const size = bytes.length + part('layout', 'size')
    const type = [part('type', 'class'), part('type', 'flags'), 0x1f, 0].map((value) => value & 0xff)
    const fields = [...type, ...uint(part('type', 'size'), 4), 0, 0, 32, 0, 23, 8, 0, part('type', 'fraction') & 0xff, 127, 0, 0, 0]
    const kind = part('layout', 'kind')
    const start = [part('layout', 'version') & 0xff, kind & 0xff]
    let layout: number[]
    if (kind === compact) layout = [...start, ...uint(size, 2), ...bytes]
    else if (kind === chunked) {
      const chunk = listIn(memberIn(tree, 'chunk'))
      const data = add(bytes)
      const origin = uint(0, 8 * (shape.length + 1))
      const keys = [...uint(size, 4), 0, 0, 0, 0, ...origin, ...uint(data + part('layout', 'address'), 8), ...uint(0, 8), ...origin]
      const node = add([0x54, 0x52, 0x45, 0x45, 1, 0, 1, 0, ...new Array<number>(16).fill(0xff), ...keys])
      const rank = [(shape.length + 1 + part('layout', 'rank')) & 0xff]
      layout = [
        ...start,
        ...rank,
        ...uint(node, 8),
        ...chunk.flatMap((extent) => uint(extent, 4)),
        ...uint(part('type', 'size'), 4),
      ]
    } else layout = [...start, ...uint(add(bytes) + part('layout', 'address'), 8), ...uint(size, 8)]
    return header([...message(1, dataspace(shape)), ...message(3, fields), ...message(8, layout), ...attributes(tree)])
  }
  const addObject = (tree: Tree): number => {
    if (memberIn(tree, 'links') === undefined) return addDataset(tree)
    const links = listIn(memberIn(tree, 'links')).flatMap((link) => {
      const object = addObject(memberIn(link, 'object') ?? null)
      const name = text(memberIn(link, 'name'))
      const type = numberIn(memberIn(link, 'type')) & 0xff
      return message(6, [1, 0x09, type, ...uint(name.length, 2), ...name, ...uint(object + numberIn(memberIn(link, 'wrong')), 8)])
    })
    return header([...links, ...attributes(tree)])
  }
  const rootAddress = addObject(root)
  const file = new Uint8Array(length)
  const none = new Array<number>(8).fill(0xff)
  file.set([
    0x89,
    0x48,
    0x44,
    0x46,
    0x0d,
    0x0a,
    0x1a,
    0x0a,
    2,
    8,
    8,
    0,
    ...uint(0, 8),
    ...none,
    ...uint(length, 8),
    ...uint(rootAddress, 8),
  ])
  let at = 48
  for (const chunk of chunks) {
    file.set(chunk, at)
    at += chunk.length
  }
  return file
}
