import { bytesPerValue, type Quantization, type StoredTensor, type TensorType, valueCount } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { ReadSibling } from '../../read-checkpoint.js'
import { joinBytes } from '../join-bytes.js'
import type { JsonNode } from '../json.js'

/** The types that TensorFlow.js stores weights in. */
const storedTypes: ReadonlyMap<string, TensorType> = new Map([
  ['float32', 'float32'],
  ['int32', 'int32'],
  ['bool', 'bool'],
  ['uint8', 'uint8'],
  ['uint16', 'uint16'],
  ['float16', 'float16'],
])

/** A MobileNetV2 has under 400 tensors. */
const mostTensors = 20_000

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

/** real = stored x scale + min, which is scale x (stored - zero point) for the zero point -min / scale. */
function quantizationOf(node: JsonNode, dtype: TensorType, name: string): Quantization | null {
  if (dtype === 'float16') return null
  const [scale, minimum] = [node.required('scale').number(), node.required('min').number()]
  if (!(scale > 0)) throw new CheckpointError('A weight has no positive scale.', { tensor: name, got: String(scale) })
  return { scales: [scale], zeroPoints: [-minimum / scale], axis: 0 }
}

function specificationOf(node: JsonNode): Specification {
  const name = node.required('name').text()
  const shape = node
    .required('shape')
    .array()
    .map((extent) => extent.number())
  if (shape.some((extent) => !Number.isInteger(extent) || extent < 0)) {
    throw new CheckpointError('A weight has a shape that cannot be.', { tensor: name, got: `[${shape.join(', ')}]` })
  }
  const quantized = node.member('quantization')
  const dtype = typeOf(quantized?.required('dtype') ?? node.required('dtype'))
  const quantization = quantized === null ? null : quantizationOf(quantized, dtype, name)
  return { name, shape, dtype, quantization, length: valueCount(shape) * bytesPerValue[dtype] }
}

/** One group's shards, joined. */
async function readShards(paths: readonly string[], length: number, readSibling: ReadSibling): Promise<Uint8Array> {
  const shards: Uint8Array[] = []
  let total = 0
  for (const path of paths) {
    const shard = await readSibling(path)
    if (shard === null) {
      throw new CheckpointError('A file of this model is not there.', {
        expected: `${path.slice(0, 100)}, beside model.json`,
        remedy: 'Put it where model.json is, under its own name, or give the folder or all files together.',
      })
    }
    total += shard.length
    shards.push(shard)
  }
  if (total !== length) {
    throw new CheckpointError('The shards have not the bytes that the weights need.', {
      expected: `${length} bytes in ${paths.join(', ').slice(0, 200)}`,
      got: String(total),
    })
  }
  return joinBytes(shards, 'weights', null)
}

/**
 * The weights of a TensorFlow.js model: its manifest says which tensors lie one after the other in which shards.
 * @throws CheckpointError if the manifest and the shards disagree; what `readSibling` throws
 */
export async function readTfjsWeights(
  manifest: JsonNode,
  readSibling: ReadSibling | undefined,
): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>()
  for (const group of manifest.array()) {
    const specifications = group.required('weights').array().map(specificationOf)
    const paths = group
      .required('paths')
      .array()
      .map((path) => path.text())
    if (readSibling === undefined) {
      throw new CheckpointError('The weights of this model lie in other files.', {
        got: paths.slice(0, 3).join(', ').slice(0, 300),
        remedy: 'Give the model as a path or an address, so that the files beside it can be read.',
      })
    }
    if (tensors.size + specifications.length > mostTensors)
      throw new CheckpointError('The model has too many weights.', { expected: `at most ${mostTensors}` })
    const bytes = await readShards(
      paths,
      specifications.reduce((sum, { length }) => sum + length, 0),
      readSibling,
    )
    let at = 0
    for (const { name, shape, dtype, quantization, length } of specifications) {
      if (tensors.has(name)) throw new CheckpointError('Two weights have one name.', { tensor: name })
      tensors.set(name, { name, shape, dtype, quantization, bytes: bytes.subarray(at, at + length) })
      at += length
    }
  }
  return tensors
}
