import type { MessageReader } from '../protobuf.js'
import type { GraphDef } from './graph-def.js'
import { dataInputs, type InlinedGraph, type NodeOutput } from './inline.js'
import { variableOperators } from './network-graph.js'
import { readTexts } from './tensor-proto.js'

type Scope = InlinedGraph['top']

/** Operators between a stored tensor and the variable that it is assigned to. */
const between = new Set(['Identity', 'Cast', 'Reshape'])

/** What is assigned, through a few operators that leave it as it is. */
function assignedTo(graph: InlinedGraph, scope: Scope, reference: string): NodeOutput {
  let found = graph.find(scope, reference)
  for (let step = 0; step < between.size && between.has(found.node.operation); step++) {
    const [input] = dataInputs(found.node)
    if (input === undefined) break
    found = graph.find(found.scope, input)
  }
  return found
}

/**
 * The keys of variables in the checkpoint, by the names of the nodes that hold the variables. What restores a SavedModel says so in
 * its graph: it assigns each output of a RestoreV2 to a variable.
 * @param restore the name of the operator that restores the variables
 */
export function restoredVariables(
  { nodes }: GraphDef,
  graph: InlinedGraph,
  restore: string,
  readMessage: MessageReader,
): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  const tables = new Map<string, readonly string[]>()
  const keyOf = ({ scope, node, index }: NodeOutput): string | null => {
    const [, names] = dataInputs(node)
    if (node.operation !== 'RestoreV2' || names === undefined) return null
    const table = graph.find(scope, names)
    const id = graph.nameOf(table)
    const texts = tables.get(id) ?? readTexts(table.node.attributes.tensor('value') ?? new Uint8Array(), readMessage)
    tables.set(id, texts)
    return texts[index] ?? null
  }
  const scan = (scope: Scope): void => {
    for (const name of scope.nodes.names) {
      const node = scope.nodes.get(name)!
      const [target, value] = dataInputs(node)
      if ((node.operation !== 'AssignVariableOp' && node.operation !== 'Assign') || target === undefined || value === undefined)
        continue
      const variable = graph.find(scope, target)
      const key = variableOperators.has(variable.node.operation) ? keyOf(assignedTo(graph, scope, value)) : null
      if (key !== null) keys.set(graph.nameOf(variable), key)
    }
  }
  const node = nodes.get(restore)
  const call = node === null ? null : graph.callOf(graph.top, node)
  scan(call ?? graph.top)
  return keys
}
