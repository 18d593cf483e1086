import { CheckpointError } from '../../checkpoint-error.js'
import type { Graph } from '../../graph/graph.js'
import type { TensorflowNode } from '../tfjs/nodes.js'

/**
 * Checks the inputs that a signature names.
 * @param fed the names of nodes; none if there is no signature
 * @throws CheckpointError if pictures are given to another node than the placeholder
 */
export function checkFed({ name }: Graph['input'], fed: readonly string[]): void {
  if (fed.length === 0 || fed.includes(name)) return
  throw new CheckpointError('The signature of the model gives pictures to a node inside of its graph.', {
    expected: name,
    got: fed.slice(0, 8).join(', '),
    remedy: 'Export the model with a signature that begins at its input.',
  })
}

/**
 * The one placeholder, `[batch, height, width, 3]`. The converter writes -1 for an open extent.
 * @throws CheckpointError if there is none, or there are several
 */
export function inputOf(nodes: readonly TensorflowNode[]): Graph['input'] {
  const placeholders = nodes.filter(({ operation }) => operation === 'Placeholder')
  const [placeholder] = placeholders
  if (placeholder === undefined || placeholders.length > 1) {
    throw new CheckpointError('The model does not have one input.', {
      got:
        placeholders
          .slice(0, 8)
          .map(({ name }) => name.slice(0, 100))
          .join(', ') || 'none',
    })
  }
  const [, height, width] = placeholder.attributes.shape('shape') ?? []
  const known = (extent: number | undefined): number | null =>
    extent !== undefined && Number.isInteger(extent) && extent > 1 ? extent : null
  return { name: placeholder.name, height: known(height), width: known(width), quantization: null, normalization: null }
}
