import { bytesPerValue, type CheckpointContent, isShape, type StoredTensor, type TensorType, valueCount } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { Budget } from './budget.js'
import { type JsonNode, readJson } from './json.js'

/** The types that parameters can have, by their names in the header. */
const types: ReadonlyMap<string, TensorType> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U16', 'uint16'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
])

/** Bytes before the header: a uint64 with the length of the header. */
const prefixLength = 8

/** A tensor, and the offsets of its bytes after the header. */
interface Entry {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: TensorType
  readonly start: number
  readonly end: number
}

function numbers(node: JsonNode): number[] {
  return node.array().map((number) => number.number())
}

function entryOf(name: string, node: JsonNode): Entry {
  const type = node.required('dtype').text()
  const dtype = types.get(type)
  if (dtype === undefined) {
    throw new CheckpointError('A tensor has a type that no parameter has.', {
      tensor: name,
      expected: [...types.keys()].join(', '),
      got: type,
    })
  }
  const shape = numbers(node.required('shape'))
  const offsets = numbers(node.required('data_offsets'))
  const [start, end] = offsets
  const length = valueCount(shape) * bytesPerValue[dtype]
  if (
    start === undefined ||
    end === undefined ||
    !isShape(shape) ||
    !isShape(offsets) ||
    offsets.length > 2 ||
    end - start !== length
  ) {
    throw new CheckpointError('A tensor does not have the bytes that its shape needs.', {
      tensor: name,
      expected: `${length} bytes: [${shape.join(', ')}] of ${type}`,
      got: `offsets ${offsets.join(', ')}`,
    })
  }
  return { name, shape, dtype, start, end }
}

/** Checks the rule of the format: tensors fill the bytes after the header without gaps and without overlap. */
function checkOffsets(entries: readonly Entry[], length: number): void {
  let at = 0
  for (const { name, start, end } of entries.toSorted((left, right) => left.start - right.start || left.end - right.end)) {
    if (start !== at) {
      throw new CheckpointError(start < at ? 'Two tensors overlap.' : 'No tensor has the bytes before this one.', {
        tensor: name,
        expected: `offset ${at}`,
        got: String(start),
      })
    }
    if (end > length) {
      throw new CheckpointError('A tensor exceeds the file.', {
        tensor: name,
        expected: `at most offset ${length}`,
        got: String(end),
      })
    }
    at = end
  }
  if (at !== length) {
    throw new CheckpointError('The file is longer than its tensors.', { expected: `${at} bytes of tensors`, got: String(length) })
  }
}

/**
 * Reads a safetensors file.
 * @throws CheckpointError if the header is damaged, or its offsets overlap, leave a gap or leave the file
 */
export async function readSafetensors(bytes: Uint8Array, budget: Budget): Promise<CheckpointContent> {
  const stated = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true)
  const longest = bytes.length - prefixLength
  if (stated > BigInt(longest)) {
    throw new CheckpointError('The header of this safetensors file is too long.', {
      expected: `at most ${longest} bytes`,
      got: String(stated),
    })
  }
  const start = prefixLength + Number(stated)
  const root = readJson(bytes.subarray(prefixLength, start), budget)

  const metadata: Record<string, string> = {}
  const entries: Entry[] = []
  const names = root.names()
  budget.parts(names.length, 'tensors')
  for (const name of names) {
    const node = root.required(name)
    if (name === '__metadata__') for (const key of node.names()) metadata[key] = node.required(key).text()
    else entries.push(entryOf(budget.name(name), node))
  }
  checkOffsets(entries, bytes.length - start)
  const tensors = new Map<string, StoredTensor>(
    entries.map(({ name, shape, dtype, start: from, end }) => [
      name,
      { name, shape, dtype, bytes: bytes.subarray(start + from, start + end), quantization: null },
    ]),
  )
  const hasScales = entries.some(({ dtype }) => dtype === 'int8')
  return {
    format: 'safetensors',
    tensors: hasScales ? (await import('./channel-scales.js')).attachScales(tensors) : tensors,
    graph: null,
    metadata,
  }
}
