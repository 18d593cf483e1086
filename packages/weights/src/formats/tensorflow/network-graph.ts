import type { StoredTensor } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import { assembleGraph } from '../../graph/assemble-graph.js'
import type { Graph } from '../../graph/graph.js'
import type { Budget } from '../budget.js'
import type { MessageReader } from '../protobuf.js'
import { type TensorflowNode, tfjsNodes } from '../tfjs/nodes.js'
import { foldConstant } from './fold-constants.js'
import { inputOf } from './graph-input.js'
import type { InlinedNode } from './inline.js'
import { readTensorProto } from './tensor-proto.js'

/** Operators that hold a variable. */
export const variableOperators: ReadonlySet<string> = new Set(['VarHandleOp', 'VariableV2', 'Variable'])

/** The network in a graph. */
export interface NetworkGraph {
  readonly tensors: ReadonlyMap<string, StoredTensor>
  readonly graph: Graph
}

/** A function that gives the values of a variable from the node that holds it. */
export type VariableValues = (node: InlinedNode) => StoredTensor

/**
 * The network in the nodes of a graph. Constants are read, variables are replaced by their values, and what depends on constants only is
 * computed.
 * @param nodes each after the nodes that it takes
 * @throws CheckpointError if they are not a chain of the operators of a MobileNetV2
 */
export function networkOf(
  nodes: readonly InlinedNode[],
  variable: VariableValues,
  readMessage: MessageReader,
  budget: Budget,
): NetworkGraph {
  /** Constants by the node that gives them. Several nodes may give the same tensor. */
  const constants = new Map<string, StoredTensor>()
  const rest: TensorflowNode[] = []
  for (const node of nodes) {
    const { name, operation, inputs } = node
    if (operation === 'Const') {
      const value = node.attributes.tensor('value')
      if (value === null) throw new CheckpointError('A constant of the graph has no value.', { tensor: name })
      constants.set(name, readTensorProto(value, readMessage, budget, name))
      continue
    }
    if (variableOperators.has(operation)) {
      constants.set(name, variable(node))
      continue
    }
    const given = inputs.map((input) => constants.get(input))
    if (given.length > 0 && given.every((tensor) => tensor !== undefined)) {
      const folded = operation === 'ReadVariableOp' ? given[0]! : foldConstant(node, given, budget)
      if (folded !== null) {
        constants.set(name, folded)
        continue
      }
    }
    rest.push(node)
  }
  const graph = assembleGraph(inputOf(rest), tfjsNodes(rest, constants))
  return { graph, tensors: new Map([...constants.values()].map((tensor) => [tensor.name, tensor])) }
}
