import { ahead } from '../../ahead.js'
import type { ReadSibling } from '../../beside/beside.js'
import type { CheckpointContent, TensorType } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import { assembleGraph } from '../../graph/assemble-graph.js'
import { type Axes, assumedExtent, mapAxes } from '../../graph/axes.js'
import type { Graph } from '../../graph/graph.js'
import type { Budget } from '../budget.js'
import { readExternalTensors } from './external.js'
import { type OnnxModel, readOnnxModel } from './model.js'
import { type OnnxSource, onnxNodes } from './nodes.js'

/** `TensorProto.DataType` of an input of integers. */
const integerTypes: ReadonlyMap<number, TensorType> = new Map([
  [2, 'uint8'],
  [3, 'int8'],
])

/** Most channels of a picture that are recognised, so that errors can name them. Only 1 and 3 are run. */
const mostChannels = 4

function isChannels(extent: number | null | undefined): extent is number {
  return extent !== null && extent !== undefined && extent >= 1 && extent <= mostChannels
}

/**
 * The one input that is not a constant: `[batch, 3, height, width]`, or channels last if the graph transposes it itself. If all extents are
 * open, channels come first.
 */
function readInput({ inputs, tensors }: Pick<OnnxModel, 'inputs' | 'tensors'>): { input: Graph['input']; axes: Axes } {
  const [input, another] = inputs.filter(({ name }) => !tensors.has(name))
  const { shape = [], name = '', type = 0 } = input ?? {}
  const [batch, second, third, last] = shape
  const channelsLast = isChannels(last) && !(isChannels(second) && second !== 1)
  const channels = channelsLast ? last : (second ?? 3)
  if (input === undefined || another !== undefined || shape.length !== 4 || !isChannels(channels)) {
    throw new CheckpointError("The network's input is not pictures.", {
      expected: 'one input [batch, 3, height, width]',
      got:
        input === undefined
          ? 'none'
          : `${inputs
              .filter((one) => !tensors.has(one.name))
              .slice(0, 3)
              .map(
                (one) =>
                  `${one.name} [${one.shape
                    .slice(0, 8)
                    .map((extent) => extent ?? 'open')
                    .join(', ')}]`,
              )
              .join(', ')}`,
    })
  }
  const known = (extent: number | null | undefined): number | null => (extent && extent > 1 ? extent : null)
  const [height, width] = channelsLast ? [known(second), known(third)] : [known(third), known(last)]
  const extents = { N: Math.max(batch ?? 1, 1), C: channels, H: height ?? assumedExtent, W: width ?? assumedExtent }
  const dtype = integerTypes.get(type)
  const quantization = dtype === undefined ? null : { scales: [1], zeroPoints: [0], axis: 0, dtype }
  return {
    input: { name, height, width, quantization, normalization: null },
    axes: mapAxes(channelsLast ? 'NHWC' : 'NCHW', extents),
  }
}

/** Whether ONNX Runtime's quantiser wrote the nodes. */
function isQuantized({ nodes }: OnnxSource): boolean {
  return nodes.some(({ operation }) => /^(De|Dynamic)?QuantizeLinear$|^QLinear|^QGemm|Integer/.test(operation))
}

/**
 * Reads an ONNX model: of floats, with BatchNorm folded or not, or quantised by ONNX Runtime. Weights in files beside it are read with
 * `readSibling`.
 * @throws CheckpointError if the file is damaged, or has operators that no MobileNetV2 has
 * @throws the errors of `readSibling`
 */
export async function readOnnx(bytes: Uint8Array, budget: Budget, readSibling?: ReadSibling): Promise<CheckpointContent> {
  const model = readOnnxModel(bytes, budget)
  const external = model.external.length === 0 ? [] : [...(await readExternalTensors(model.external, readSibling))]
  const tensors = new Map([...model.tensors, ...external])
  const { input, axes } = readInput({ ...model, tensors })
  const { nodes, parameters, source, inputQuantization } = onnxNodes({ ...model, tensors }, input.name, axes)
  const found = inputQuantization && { ...inputQuantization, axis: 0, dtype: inputQuantization.type as TensorType }
  const described = input.quantization === null ? { firstQuantization: found } : { quantization: found ?? input.quantization }
  const inputType = input.quantization?.dtype ?? null
  const quantized = isQuantized(source)
  if (quantized) ahead(import('../../to-integers.js'))
  return {
    format: 'onnx',
    tensors: parameters,
    ...(quantized ? { integers: (await import('./integers.js')).onnxIntegers(source, input.name, inputType) } : {}),
    graph: assembleGraph({ ...input, ...described }, nodes),
    metadata: model.metadata,
  }
}
