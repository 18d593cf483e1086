import { CheckpointError } from '../checkpoint-error.js'
import type { GraphNode } from './node.js'
import { refuseMissing } from './refuse-missing.js'

/**
 * The nodes in an order in which each comes after all that it takes, and otherwise as they were.
 * @throws CheckpointError if a node takes what no node gives, or two give the same, or nodes wait for each other
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
