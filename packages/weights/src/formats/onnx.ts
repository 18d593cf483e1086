import type { CheckpointContent } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { assembleGraph } from '../graph/assemble-graph.js'
import type { Graph } from '../graph/graph.js'
import { budgetOf } from './budget.js'
import { type OnnxModel, readOnnxModel } from './onnx/model.js'
import { onnxNodes } from './onnx-nodes.js'

/** The one input that is no constant: `[batch, 3, height, width]`, or channels last where the graph turns it itself. */
function readInput({ inputs, tensors }: OnnxModel): Graph['input'] {
  const [input, another] = inputs.filter(({ name }) => !tensors.has(name))
  const { shape = [] } = input ?? {}
  const channelsFirst = shape[1] === 3
  if (input === undefined || another !== undefined || shape.length !== 4 || (!channelsFirst && shape[3] !== 3)) {
    throw new CheckpointError("The network's input is not pictures.", {
      expected: 'one input [batch, 3, height, width]',
      got:
        input === undefined
          ? 'none'
          : `${input.name.slice(0, 100)} [${shape
              .slice(0, 8)
              .map((extent) => extent ?? 'open')
              .join(', ')}]`,
    })
  }
  const known = (extent: number | null | undefined): number | null => (extent && extent > 1 ? extent : null)
  const [height, width] = channelsFirst ? [shape[2], shape[3]] : [shape[1], shape[2]]
  return { name: input.name, height: known(height), width: known(width), quantization: null, normalization: null }
}

/**
 * Reads an ONNX model: float, BatchNorm folded or not, or quantised by ONNX Runtime.
 * @throws CheckpointError if the file is damaged, has weights in other files, or operators that no MobileNetV2 has
 */
export function readOnnx(bytes: Uint8Array): CheckpointContent {
  const model = readOnnxModel(bytes, budgetOf(bytes.length))
  const input = readInput(model)
  const { nodes, parameters } = onnxNodes(model, input.height)
  return { format: 'onnx', tensors: parameters, graph: assembleGraph(input, nodes), metadata: model.metadata }
}
