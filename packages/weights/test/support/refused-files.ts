import { Builder } from 'flatbuffers'
import { type Checkpoint, readCheckpoint, type StoredTensor, toNetwork } from '../../src/index.js'
import { goldenBytes } from './goldens.js'
import { messageOf } from './protobuf-fields.js'
import { renamed, withTensor } from './renamed.js'

/** A TensorFlow Lite file with one custom operator. */
function customOperatorFile(operator: string): Uint8Array {
  const builder = new Builder(512)
  const table = (fields: number, write: () => void): number => {
    builder.startObject(fields)
    write()
    return builder.endObject()
  }
  const vector = (offsets: readonly number[]): number => {
    builder.startVector(4, offsets.length, 4)
    for (const offset of [...offsets].reverse()) builder.addOffset(offset)
    return builder.endVector()
  }
  const integers = (values: readonly number[]): number => {
    builder.startVector(4, values.length, 4)
    for (const value of [...values].reverse()) builder.addInt32(value)
    return builder.endVector()
  }
  const name = builder.createString(operator)
  const code = table(4, () => {
    builder.addFieldInt8(0, 32, 0)
    builder.addFieldOffset(1, name, 0)
    builder.addFieldInt32(3, 32, 0)
  })
  const tensors = [
    [1, 224, 224, 3],
    [1, 1000],
  ].map((extents) => {
    const [shape, label] = [integers(extents), builder.createString(String(extents))]
    return table(5, () => {
      builder.addFieldOffset(0, shape, 0)
      builder.addFieldOffset(3, label, 0)
    })
  })
  const [input, output] = [integers([0]), integers([1])]
  const operation = table(3, () => {
    builder.addFieldOffset(1, input, 0)
    builder.addFieldOffset(2, output, 0)
  })
  const [allTensors, operators] = [vector(tensors), vector([operation])]
  const graph = table(5, () => {
    builder.addFieldOffset(0, allTensors, 0)
    builder.addFieldOffset(1, input, 0)
    builder.addFieldOffset(2, output, 0)
    builder.addFieldOffset(3, operators, 0)
  })
  const [codes, graphs, buffers] = [vector([code]), vector([graph]), vector([table(1, () => {})])]
  const model = table(5, () => {
    builder.addFieldInt32(0, 3, 0)
    builder.addFieldOffset(1, codes, 0)
    builder.addFieldOffset(2, graphs, 0)
    builder.addFieldOffset(4, buffers, 0)
  })
  builder.finish(model, 'TFL3')
  return builder.asUint8Array().slice()
}

/** An ONNX file of a convolution and one other operator. */
function onnxFile(operator: string): Uint8Array {
  const kernel = messageOf([
    ...[4, 3, 3, 3].map((extent) => [1, extent] as const),
    [2, 1],
    [8, 'kernel'],
    [9, new Uint8Array(4 * 4 * 27)],
  ])
  const node = (operation: string, inputs: readonly string[], output: string): Uint8Array =>
    messageOf([...inputs.map((name) => [1, name] as const), [2, output], [4, operation]])
  const graph = messageOf([
    [1, node('Conv', ['input', 'kernel'], 'map')],
    [1, node(operator, ['map'], 'output')],
    [2, 'graph'],
    [5, kernel],
    [
      11,
      [
        [1, 'input'],
        [
          2,
          [
            [
              1,
              [
                [1, 1],
                [2, [1, 3, 224, 224].map((extent) => [1, [[1, extent]]] as const)],
              ],
            ],
          ],
        ],
      ],
    ],
    [12, [[1, 'output']]],
  ])
  return messageOf([
    [1, 8],
    [7, graph],
    [8, [[2, 13]]],
  ])
}

function tensorOf(name: string, shape: readonly number[]): StoredTensor {
  const count = shape.reduce((product, extent) => product * extent, 1)
  return { name, shape, dtype: 'float32', bytes: new Uint8Array(new Float32Array(count).fill(0.5).buffer), quantization: null }
}

function withTensors(checkpoint: Checkpoint, ...added: readonly StoredTensor[]): Checkpoint {
  return { ...checkpoint, tensors: new Map([...checkpoint.tensors, ...added.map((tensor) => [tensor.name, tensor] as const)]) }
}

/** A network that answers at each position: without its pool. */
function withoutPool(checkpoint: Checkpoint): Checkpoint {
  const graph = checkpoint.graph!
  const operators = graph.operators.filter(({ kind }) => kind !== 'globalAveragePool')
  return { ...checkpoint, graph: { ...graph, operators, endsIn: null } }
}

/** A head whose layers have an activation that is not run. */
function withActivation(checkpoint: Checkpoint, activation: string): Checkpoint {
  const graph = checkpoint.graph!
  const operators = graph.operators.map((operator) =>
    operator.kind === 'dense' && operator.activation !== 'linear' ? { ...operator, activation } : operator,
  )
  return { ...checkpoint, graph: { ...graph, operators } }
}

/** Files made here, by the names of `RefusedKind.made`. */
const madeFiles = {
  'an Edge TPU model': () => customOperatorFile('edgetpu-custom-op'),
  'an SSD': () => customOperatorFile('TFLite_Detection_PostProcess'),
  'an ONNX model that resizes': () => onnxFile('Resize'),
} as const

/** Changes of a golden, by the names of `RefusedKind.change`. */
const changes = {
  'four channels': (golden: Checkpoint) => withTensor(golden, 'features.0.0.weight', tensorOf('features.0.0.weight', [8, 4, 3, 3])),
  'no statistics': (golden: Checkpoint) => renamed(golden, (name) => (/running_|num_batches/.test(name) ? null : name)),
  'a block less': (golden: Checkpoint) => renamed(golden, (name) => (name.startsWith('features.7.') ? null : name)),
  'squeeze-and-excitation': (golden: Checkpoint) =>
    withTensors(
      renamed(golden, (name) => (name.startsWith('features.18.') ? null : name)),
      tensorOf('features.4.block.2.fc1.weight', [8, 48, 1, 1]),
    ),
  'a decoder': (golden: Checkpoint) =>
    withTensors(
      renamed(golden, (name) => (name.startsWith('classifier') ? null : `encoder.${name}`)),
      tensorOf('decoder.blocks.0.conv1.0.weight', [16, 192, 3, 3]),
      tensorOf('segmentation_head.0.weight', [1, 16, 3, 3]),
    ),
  'teacher and student': (golden: Checkpoint) => {
    const student = renamed(golden, (name) => `student.${name}`)
    const teacher = renamed(golden, (name) => `teacher.${name}`)
    const other = withTensor(teacher, 'teacher.features.0.0.weight', tensorOf('', [8, 3, 3, 3]))
    return withTensors(student, ...[...other.tensors].map(([name, tensor]) => ({ ...tensor, name })))
  },
  'no pool': withoutPool,
  'an unknown activation': (golden: Checkpoint) => withActivation(golden, 'PRelu'),
} as const

export type MadeFile = keyof typeof madeFiles
export type GoldenChange = keyof typeof changes

/** The bytes of a file that is made here. */
export function madeFile(name: MadeFile): Uint8Array {
  return madeFiles[name]()
}

/** Reads a golden, changes what was read, and makes a network of it. */
export async function readChanged(golden: string, change: GoldenChange): Promise<unknown> {
  return toNetwork(changes[change](await readCheckpoint(goldenBytes(golden), { file: golden })))
}
