import type { ReadSibling } from '../../beside/beside.js'
import { bytesPerValue, isShape, type StoredTensor, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import type { MessageReader } from '../protobuf.js'
import { readSortedTable } from './sorted-table.js'
import { readShape, tensorTypeOf } from './tensor-proto.js'

/** Fields of `BundleHeaderProto` and `BundleEntryProto`. */
const headerFields = { shards: 1, endianness: 2 } as const
const entryFields = { type: 1, shape: 2, shard: 3, offset: 4, size: 5, slices: 7 } as const

/** `DataType` of texts. */
const texts = 7

/** Most data files. A training on many machines writes many. */
const mostShards = 1000

/** An entry of a bundle: the location of a tensor's bytes. */
export interface BundleEntry {
  readonly key: string
  readonly type: number
  readonly shape: readonly number[]
  readonly shard: number
  readonly offset: number
  readonly size: number
  readonly isSliced: boolean
}

/** A checkpoint of TensorFlow: an index of tensors, and their bytes in other files. */
export interface TensorBundle {
  /** By key. */
  readonly entries: ReadonlyMap<string, BundleEntry>
  /**
   * The tensor of a numeric entry under another name, as a view of its file. Null if no parameter can have its type.
   * @throws CheckpointError if it is not inside that file, or is stored in slices
   */
  tensor(entry: BundleEntry, name: string): Promise<StoredTensor | null>
  /** The bytes of an entry that is one text; null if it is not. */
  text(key: string): Promise<Uint8Array | null>
}

function readEntry(key: string, bytes: Uint8Array, readMessage: MessageReader): BundleEntry {
  let [type, shard, offset, size, isSliced] = [0, 0, 0, 0, false]
  let shape: readonly number[] | null = []
  readMessage(bytes, {
    [entryFields.type]: (value) => {
      type = value.integer()
    },
    [entryFields.shape]: (value) => {
      shape = readShape(value.bytes(), readMessage)
    },
    [entryFields.shard]: (value) => {
      shard = value.integer()
    },
    [entryFields.offset]: (value) => {
      offset = value.integer()
    },
    [entryFields.size]: (value) => {
      size = value.integer()
    },
    [entryFields.slices]: () => {
      isSliced = true
    },
  })
  if (shape === null || !isShape(shape)) {
    throw new CheckpointError('A tensor of the checkpoint has an impossible shape.', {
      tensor: key,
      got: shape === null ? 'none' : `[${(shape as readonly number[]).slice(0, 8).join(', ')}]`,
    })
  }
  return { key, type, shape, shard, offset, size, isSliced }
}

function shardsOf(header: Uint8Array | undefined, readMessage: MessageReader): number {
  let [shards, endianness] = [0, 0]
  readMessage(header ?? new Uint8Array(), {
    [headerFields.shards]: (value) => {
      shards = value.integer()
    },
    [headerFields.endianness]: (value) => {
      endianness = value.integer()
    },
  })
  if (!(shards >= 1 && shards <= mostShards) || endianness !== 0) {
    throw new CheckpointError('The index is not that of a TensorFlow checkpoint that can be read.', {
      expected: `1 to ${mostShards} files of little-endian data`,
      got: header === undefined ? 'no header' : `${shards} files${endianness === 0 ? '' : ', big-endian'}`,
    })
  }
  return shards
}

/**
 * Reads the index of a TensorFlow checkpoint. A data file is requested when one of its tensors is read.
 * @param prefix the beginning of the files' names: `variables/variables` for `variables/variables.data-00000-of-00001`
 * @throws CheckpointError if the index is damaged
 */
export function readTensorBundle(
  index: Uint8Array,
  prefix: string,
  readSibling: ReadSibling,
  readMessage: MessageReader,
  budget: Budget,
): TensorBundle {
  const table = readSortedTable(index, budget)
  const shards = shardsOf(table.get(''), readMessage)
  const entries = new Map<string, BundleEntry>()
  for (const [key, bytes] of table) if (key !== '') entries.set(key, readEntry(key, bytes, readMessage))
  const opened = new Map<number, Promise<Uint8Array>>()

  const open = async (shard: number): Promise<Uint8Array> => {
    const digits = (number: number): string => String(number).padStart(5, '0')
    const name = `${prefix}.data-${digits(shard)}-of-${digits(shards)}`
    const bytes = await readSibling(name)
    if (bytes === null) {
      throw new CheckpointError('The file that holds the weights of this checkpoint is not there.', {
        expected: name,
        remedy: 'Keep the files of a checkpoint in one folder, under their own names.',
      })
    }
    return bytes
  }
  const bytesOf = async ({ key, shard, offset, size, isSliced }: BundleEntry): Promise<Uint8Array> => {
    if (isSliced) {
      throw new CheckpointError('A tensor of the checkpoint is stored in slices.', {
        tensor: key,
        remedy: 'Restore the model with TensorFlow, and save it again without a partitioner.',
      })
    }
    const known = Number.isSafeInteger(shard) && shard >= 0 && shard < shards
    const file = known ? (opened.get(shard) ?? open(shard)) : new Uint8Array()
    if (file instanceof Promise) opened.set(shard, file)
    const bytes = await file
    const inside = Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(size) && size >= 0
    if (!inside || offset + size > bytes.length) {
      throw new CheckpointError('A tensor is not inside its file.', {
        tensor: key,
        expected: `${size} bytes at ${offset}`,
        got: known ? `a file of ${bytes.length} bytes` : `file ${shard} of ${shards}`,
        remedy: 'The files are damaged, or of two checkpoints.',
      })
    }
    return bytes.subarray(offset, offset + size)
  }
  return {
    entries,
    async tensor(entry, name) {
      const dtype = tensorTypeOf(entry.type)
      if (dtype === null) return null
      const length = valueCount(entry.shape) * bytesPerValue[dtype]
      if (length !== entry.size) {
        throw new CheckpointError('A tensor does not have the bytes that its shape needs.', {
          tensor: entry.key,
          expected: `${length} bytes: [${entry.shape.join(', ')}] of ${dtype}`,
          got: String(entry.size),
        })
      }
      return { name, shape: entry.shape, dtype, bytes: await bytesOf(entry), quantization: null }
    },
    async text(key) {
      const entry = entries.get(key)
      if (entry === undefined || entry.type !== texts || valueCount(entry.shape) !== 1) return null
      const bytes = await bytesOf(entry)
      // The length as a varint, a checksum of 4 bytes, and the text.
      let [length, at, scale] = [0, 0, 1]
      for (let byte = 0x80; byte >= 0x80 && at < 8; scale *= 128) {
        byte = bytes[at] ?? 0
        length += (byte & 0x7f) * scale
        at += 1
      }
      return length + at + 4 === bytes.length ? bytes.subarray(at + 4) : null
    },
  }
}
