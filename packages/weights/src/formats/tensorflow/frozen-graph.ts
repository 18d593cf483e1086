import type { CheckpointContent } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { startMessages } from '../protobuf.js'
import { weightedOperators } from '../tfjs/nodes.js'
import { type GraphDef, readGraphDef } from './graph-def.js'
import { dataInputs, inlineGraph } from './inline.js'
import { networkOf } from './network-graph.js'
import { nodeNameOf } from './node-name.js'

/** Operators after the network that choose a class. */
const answers = new Set(['ArgMax', 'TopK', 'TopKV2', 'InTopK'])

/** The nodes that depend on the input. In the file a node may be before the nodes that it takes. */
function fedNodes({ nodes }: GraphDef): ReadonlySet<string> {
  const takers = new Map<string, string[]>()
  const fed = new Set<string>()
  for (const name of nodes.names) {
    const node = nodes.get(name)!
    if (node.operation === 'Placeholder') fed.add(name)
    for (const input of dataInputs(node)) {
      const source = nodeNameOf(input)
      const list = takers.get(source)
      if (list === undefined) takers.set(source, [name])
      else list.push(name)
    }
  }
  // Iterating over a set includes the elements that are added meanwhile.
  for (const name of fed) for (const taker of takers.get(name) ?? []) fed.add(taker)
  return fed
}

/**
 * The node that depends on the input and that no other node takes. If there are several, the last one in the file.
 * @throws CheckpointError if there is none, or a layer does not depend on the input because the graph is in two parts
 */
function outputOf(graph: GraphDef): string {
  const fed = fedNodes(graph)
  const loose = graph.nodes.names.find((name) => !fed.has(name) && weightedOperators.test(graph.nodes.get(name)!.operation))
  if (loose !== undefined && fed.size > 0) {
    throw new CheckpointError('A layer of the graph does not depend on its input.', {
      expected: 'a chain of operators from the Placeholder to one output',
      got: loose,
    })
  }
  const taken = new Set<string>()
  for (const name of fed) {
    const node = graph.nodes.get(name)!
    if (answers.has(node.operation)) taken.add(name)
    else for (const input of dataInputs(node)) taken.add(nodeNameOf(input))
  }
  const output = graph.nodes.names.findLast((name) => fed.has(name) && !taken.has(name))
  if (output === undefined) {
    throw new CheckpointError('The graph has no output that depends on its input.', {
      expected: 'a Placeholder, and a chain of operators to one output',
      got: `${graph.nodes.names.length} nodes`,
    })
  }
  return output
}

/**
 * Reads a frozen graph: a `GraphDef` whose weights are constants.
 * @throws CheckpointError if it is damaged, has variables, or operators that no MobileNetV2 has
 */
export function readFrozenGraph(bytes: Uint8Array, budget: Budget): CheckpointContent {
  const readMessage = startMessages(budget)
  const graph = readGraphDef(bytes, readMessage)
  const nodes = inlineGraph(graph, budget).collect([outputOf(graph)], dataInputs)
  const { tensors, graph: network } = networkOf(
    nodes,
    ({ name }) => {
      throw new CheckpointError('The weights of this graph are in other files.', {
        got: `the variable ${name}`,
        remedy: 'Give the SavedModel, or freeze the graph: convert_variables_to_constants_v2.',
      })
    },
    readMessage,
    budget,
  )
  return { format: 'tensorflow-graph', tensors, graph: network, metadata: {} }
}
