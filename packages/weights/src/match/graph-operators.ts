import type { Checkpoint, StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { type Graph, type GraphOperator, isWeightedOperator, type WeightedOperator } from '../graph/graph.js'
import { extentOf } from '../layout.js'

/** The tensor of an operator's kernel. */
export function kernelOf(checkpoint: Checkpoint, { name, kernel }: WeightedOperator): StoredTensor {
  const tensor = checkpoint.tensors.get(kernel)
  if (tensor === undefined) {
    throw new CheckpointError('The kernel of an operator is not in the file.', {
      tensor: kernel,
      expected: `the kernel of ${name}`,
      got: 'nothing',
    })
  }
  return tensor
}

/** The window, input channels and output channels of an operator's kernel; null if no layer of a MobileNetV2 has such a kernel. */
export function extents(
  tensor: StoredTensor,
  { kind, layout }: WeightedOperator,
): { size: number; input: number; output: number } | null {
  const extent = (letter: string): number | null => extentOf(tensor, layout, letter)
  if (kind === 'dense') {
    const [input, output] = [extent(layout.includes('P') ? 'P' : 'I'), extent('O')]
    const unit = ['H', 'W'].every((letter) => !layout.includes(letter) || extent(letter) === 1)
    return input === null || output === null || !unit ? null : { size: 1, input, output }
  }
  const [height, width] = [extent('H'), extent('W')]
  const output = extent(kind === 'depthwise' ? 'C' : 'O')
  const input = kind === 'depthwise' ? output : extent('I')
  return height === null || height !== width || input === null || output === null ? null : { size: height, input, output }
}

/** An operator in words. */
export function describe(checkpoint: Checkpoint, operator: GraphOperator | undefined): string {
  if (operator === undefined) return 'the end of the graph'
  if (!isWeightedOperator(operator)) return `a ${operator.kind} (${operator.name})`
  const { kind, layout, stride, activation, padding, residual, name } = operator
  const zeros = padding === 'same' ? 'same' : Object.values(padding).join(', ')
  return `${kind} [${kernelOf(checkpoint, operator).shape.join(', ')}] (${layout}), stride ${stride}, padding ${zeros}, ${activation}${residual === null ? '' : `, added to operator ${residual}`} (${name})`
}

/**
 * Throws the error for the operator at a place.
 * @throws CheckpointError always
 */
export function refuseOperator(checkpoint: Checkpoint, { operators }: Graph, index: number, expected: string): never {
  throw new CheckpointError('The graph is not that of a MobileNetV2.', {
    expected: `${expected} as operator ${index}`,
    got: describe(checkpoint, operators[index]),
  })
}
