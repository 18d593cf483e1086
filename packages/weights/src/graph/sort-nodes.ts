import { CheckpointError } from '../checkpoint-error.js'
import type { GraphNode } from './node.js'
import { refuseMissing } from './refuse-missing.js'

/**
 * Sorts the nodes so that each comes after the nodes that it takes. Otherwise their order stays.
 * @throws CheckpointError if a node takes something that no node gives, two give the same, or nodes depend on each other
 */
export function sortNodes(nodes: readonly GraphNode[], input: string): readonly GraphNode[] {
  const known = new Set([input])
  const waiting = new Map<string, GraphNode[]>()
  const sorted: GraphNode[] = []
  const given = new Set<string>([input])
  for (const { output } of nodes) {
    if (given.has(output)) throw new CheckpointError('Two operators of the graph have one output.', { got: output })
    given.add(output)
  }
  const visit = (first: GraphNode): void => {
    const ready = [first]
    for (let node = ready.shift(); node !== undefined; node = ready.shift()) {
      const missing = node.inputs.find((name) => !known.has(name))
      if (missing !== undefined) {
        const queue = waiting.get(missing)
        if (queue === undefined) waiting.set(missing, [node])
        else queue.push(node)
        continue
      }
      sorted.push(node)
      known.add(node.output)
      for (const next of waiting.get(node.output) ?? []) ready.push(next)
      waiting.delete(node.output)
    }
  }
  for (const node of nodes) visit(node)
  if (sorted.length < nodes.length) {
    const [missing] = waiting.keys()
    refuseMissing(missing ?? '')
  }
  return sorted
}
