import { pathBeside, type ReadSibling } from '../../beside/beside.js'
import { bytesPerValue, isShape, type Quantization, type StoredTensor, type TensorType, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { joinBytes } from '../join-bytes.js'
import type { JsonNode } from '../json.js'

/** The types of weights in TensorFlow.js. */
const storedTypes: ReadonlyMap<string, TensorType> = new Map([
  ['float32', 'float32'],
  ['int32', 'int32'],
  ['bool', 'bool'],
  ['uint8', 'uint8'],
  ['uint16', 'uint16'],
  ['float16', 'float16'],
])

interface Specification {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: TensorType
  readonly quantization: Quantization | null
  readonly length: number
}

function typeOf(node: JsonNode): TensorType {
  const name = node.text()
  const type = storedTypes.get(name)
  if (type === undefined) {
    throw new CheckpointError('A weight has a type that no parameter has.', {
      expected: [...storedTypes.keys()].join(', '),
      got: `${name} at ${node.path}`,
    })
  }
  return type
}

/** The real values are stored x scale + min, which is scale x (stored - zero point) with the zero point -min / scale. */
function quantizationOf(node: JsonNode, dtype: TensorType, name: string): Quantization | null {
  if (dtype === 'float16') return null
  const [scale, minimum] = [node.required('scale').number(), node.required('min').number()]
  if (!(scale > 0)) throw new CheckpointError('A weight has no positive scale.', { tensor: name, got: String(scale) })
  return { scales: [scale], zeroPoints: [-minimum / scale], axis: 0 }
}

function specificationOf(node: JsonNode, budget: Budget): Specification {
  const name = budget.name(node.required('name').text())
  const shape = node
    .required('shape')
    .array()
    .map((extent) => extent.number())
  if (!isShape(shape)) {
    throw new CheckpointError('A weight has an impossible shape.', { tensor: name, got: `[${shape.slice(0, 8).join(', ')}]` })
  }
  const quantized = node.member('quantization')
  const dtype = typeOf(quantized?.required('dtype') ?? node.required('dtype'))
  const quantization = quantized === null ? null : quantizationOf(quantized, dtype, name)
  return { name, shape, dtype, quantization, length: valueCount(shape) * bytesPerValue[dtype] }
}

function refuseLength(paths: readonly string[], length: number, got: string): never {
  throw new CheckpointError('The shards do not have the bytes that the weights need.', {
    expected: `${length} bytes in ${paths.slice(0, 3).join(', ')}`,
    got,
  })
}

/** The shards of one group, joined. No more is read than the weights need. */
async function readShards(paths: readonly string[], length: number, readSibling: ReadSibling, budget: Budget): Promise<Uint8Array> {
  const shards: Uint8Array[] = []
  let left = length
  for (const path of paths) {
    const shard = await readSibling(path, left)
    if (shard === null) {
      throw new CheckpointError('A file of this model is not there.', {
        expected: `${path}, beside model.json`,
        remedy: 'Put it beside model.json and keep its name, or give the folder or all files together.',
      })
    }
    left -= shard.length
    if (left < 0) refuseLength(paths, length, `${length - left} or more`)
    shards.push(shard)
  }
  if (left > 0) refuseLength(paths, length, String(length - left))
  return joinBytes(shards, 'weights', budget)
}

/**
 * Reads the weights of a TensorFlow.js model. Its manifest says which tensors follow each other in which shards.
 * @throws CheckpointError if the manifest and the shards disagree
 * @throws the errors of `readSibling`
 */
export async function readTfjsWeights(
  manifest: JsonNode,
  budget: Budget,
  readSibling: ReadSibling | undefined,
): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>()
  const named = new Set<string>()
  for (const group of manifest.array()) {
    const specifications = group
      .required('weights')
      .array()
      .map((weight) => specificationOf(weight, budget))
    budget.parts(specifications.length, 'weights')
    const paths = group
      .required('paths')
      .array()
      .map((path) => path.text())
    if (readSibling === undefined) {
      throw new CheckpointError('The weights of this model are in other files.', {
        got: paths.slice(0, 3).join(', '),
        remedy: 'Give the model as a path or an address, so that the files beside it can be read.',
      })
    }
    for (const path of paths) {
      if (named.has(pathBeside(path))) throw new CheckpointError('The model names the same file twice.', { got: path })
      named.add(pathBeside(path))
    }
    const bytes = await readShards(
      paths,
      specifications.reduce((sum, { length }) => sum + length, 0),
      readSibling,
      budget,
    )
    let at = 0
    for (const { name, shape, dtype, quantization, length } of specifications) {
      if (tensors.has(name)) throw new CheckpointError('Two weights have the same name.', { tensor: name })
      tensors.set(name, { name, shape, dtype, quantization, bytes: bytes.subarray(at, at + length) })
      at += length
    }
  }
  return tensors
}
