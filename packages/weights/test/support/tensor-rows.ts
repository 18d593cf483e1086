import type { MobileNetV2Options } from '@mobilenetv2/spec'
import { seededStateDict } from '@mobilenetv2/testing'
import type { Naming } from '../../src/namings/naming.js'
import { called, classOf, dict, type PickleTree, pickleOf } from './pickle-tree.js'
import { stateDict } from './state-dict.js'
import type { Tree } from './structure.js'
import { joined, jsonOf } from './tfjs-tree.js'
import { bytesIn, listIn, memberIn, numberIn, textIn } from './tree-values.js'

/** A tensor of float32 as `{ name, shape, bytes }`, which is all that formats without a graph state about a tensor. */
export type TensorRow = { readonly name: string; readonly shape: readonly number[]; readonly bytes: Uint8Array }

/** The tensors of a network, with seeded values, as a naming calls and stores them. */
export function tensorRows(naming: Naming, options: MobileNetV2Options): TensorRow[] {
  const { tensors } = stateDict(naming, options)
  const shapes = Object.fromEntries([...tensors.values()].map(({ name, shape }) => [name, shape]))
  return seededStateDict(shapes).map(({ name, shape, values }) => ({ name, shape, bytes: new Uint8Array(values.buffer) }))
}

const partsOf = (row: Tree): { name: string; shape: readonly Tree[]; bytes: Uint8Array } => ({
  name: textIn(memberIn(row, 'name')),
  shape: listIn(memberIn(row, 'shape')),
  bytes: bytesIn(memberIn(row, 'bytes')),
})

/** The steps between values that lie one after the other, whatever the extents are. */
function stridesOf(shape: readonly Tree[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product: number, extent) => product * numberIn(extent), 1))
}

/** A safetensors file as `{ header, data }`. */
export function safetensorsTree(rows: readonly Tree[]): Tree {
  let at = 0
  const entries = rows.map((row) => {
    const { name, shape, bytes } = partsOf(row)
    at += bytes.length
    return [name, { dtype: 'F32', shape, data_offsets: [at - bytes.length, at] }] as const
  })
  return { header: Object.fromEntries(entries), data: joined(rows.map((row) => partsOf(row).bytes)), headerLength: 0 }
}

/** The file of such a tree. `headerLength` is added to the right length of the header. */
export function safetensorsOf(tree: Tree): Uint8Array {
  const header = jsonOf(memberIn(tree, 'header'))
  const length = new Uint8Array(8)
  const stated = Math.max(0, Math.min(header.length + numberIn(memberIn(tree, 'headerLength')), 2 ** 53))
  new DataView(length.buffer).setBigUint64(0, BigInt(Math.trunc(stated)), true)
  return joined([length, header, bytesIn(memberIn(tree, 'data'))])
}

function torchTensor(row: Tree, key: string): PickleTree {
  const { shape, bytes } = partsOf(row)
  const storage = { persistent: ['storage', classOf('torch FloatStorage'), key, 'cpu', bytes.length / 4] }
  return called('torch._utils _rebuild_tensor_v2', [
    storage,
    0,
    shape,
    stridesOf(shape),
    false,
    called('collections OrderedDict', []),
  ])
}

/** A state dict of PyTorch as `{ value, storages }`. */
export function torchTree(rows: readonly Tree[]): Tree {
  return {
    value: dict(rows.map((row, index) => [partsOf(row).name, torchTensor(row, String(index))])),
    storages: rows.map((row, index) => ({ key: String(index), bytes: partsOf(row).bytes })),
  }
}

/** The files in PyTorch's zip that a tree describes, by name. */
export function torchEntries(tree: Tree): Record<string, Uint8Array> {
  const storages = listIn(memberIn(tree, 'storages')).map((storage): [string, Uint8Array] => [
    `archive/data/${textIn(memberIn(storage, 'key'))}`,
    bytesIn(memberIn(storage, 'bytes')),
  ])
  return { 'archive/data.pkl': pickleOf(memberIn(tree, 'value') ?? null), ...Object.fromEntries(storages) }
}

/** A file of PyTorch before 1.6: the same tree, and the parts that stand before and after it. */
export function legacyTree(rows: readonly Tree[]): Tree {
  const { value, storages } = torchTree(rows) as { value: Tree; storages: Tree[] }
  const list = storages.map((storage) => ({ ...(storage as object), count: bytesIn(memberIn(storage, 'bytes')).length / 4 }))
  return {
    version: 1001,
    machine: dict([['little_endian', true]]),
    value,
    keys: { list: list.map((_, index) => String(index)) },
    storages: list,
  }
}

const magicNumber = Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e)

/** The file that a tree describes. */
export function legacyOf(tree: Tree): Uint8Array {
  const pickles = ['version', 'machine', 'value', 'keys'].map((name) => pickleOf(memberIn(tree, name) ?? null))
  const storages = listIn(memberIn(tree, 'storages')).flatMap((storage) => {
    const count = numberIn(memberIn(storage, 'count'))
    const whole = BigInt.asIntN(64, BigInt(Number.isFinite(count) ? Math.trunc(count) : 0))
    return [new Uint8Array(BigInt64Array.of(whole).buffer), bytesIn(memberIn(storage, 'bytes'))]
  })
  return joined([magicNumber, ...pickles, ...storages])
}

/** A pickle of a dictionary of NumPy's arrays. */
export function numpyTree(rows: readonly Tree[]): PickleTree {
  const dtype = { object: classOf('numpy dtype'), with: ['f4', 0, 1], state: [3, '<', null, null, null, -1, -1, 0] }
  return dict(
    rows.map((row) => {
      const { name, shape, bytes } = partsOf(row)
      const empty = [classOf('numpy ndarray'), [0], Uint8Array.of(0x62)]
      return [name, { object: classOf('numpy.core.multiarray _reconstruct'), with: empty, state: [1, shape, dtype, false, bytes] }]
    }),
  )
}

/**
 * Arrays as `.npy` files: `[{ name, descr, order, shape, bytes, version, length }]`. `length` is added to the right length of the
 * header.
 */
export function npzTree(rows: readonly Tree[]): Tree {
  return rows.map((row) => ({ ...partsOf(row), descr: '<f4', order: false, version: 1, length: 0 }))
}

function python(tree: Tree | undefined): string {
  if (tree === true || tree === false) return tree ? 'True' : 'False'
  if (tree === null || tree === undefined) return 'None'
  if (typeof tree === 'number') return Math.abs(tree) < 1e21 && Number.isInteger(tree) ? String(BigInt(tree)) : String(tree)
  if (Array.isArray(tree)) return `(${tree.map(python).join(', ')}${tree.length === 1 ? ',' : ''})`
  return `'${textIn(tree)}'`
}

function npyOf(array: Tree): Uint8Array {
  const part = (name: string): Tree | undefined => memberIn(array, name)
  const entries = `{'descr': ${python(part('descr'))}, 'fortran_order': ${python(part('order'))}, 'shape': ${python(part('shape'))}, }   \n`
  const header = new TextEncoder().encode(entries)
  const version = numberIn(part('version'))
  const stated = header.length + numberIn(part('length'))
  const length = Number.isFinite(stated) ? BigInt(Math.trunc(stated)) : 0n
  const lengthBytes = new Uint8Array(BigUint64Array.of(BigInt.asUintN(64, length)).buffer).subarray(0, version === 1 ? 2 : 4)
  return joined([Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0), lengthBytes, header, bytesIn(part('bytes'))])
}

/** The files in the zip that a tree describes, by name. */
export function npzEntries(tree: Tree): Record<string, Uint8Array> {
  return Object.fromEntries(listIn(tree).map((array) => [`${textIn(memberIn(array, 'name'))}.npy`, npyOf(array)]))
}
