import { CheckpointError } from '../checkpoint-error.js'

/** Most outputs that are considered. A model that gives all of its maps has about 60. */
const mostOutputs = 64

/** Most nodes that choose a class (ArgMax, TopK) one after the other. */
const mostChoices = 4

/** A node of a file's graph: the part that decides its place in the order. */
interface Ordered {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** The nodes that an output needs, each after the nodes that it takes. It does not recurse, because a file may chain thousands. */
function upstream<Node extends Ordered>(byOutput: ReadonlyMap<string, Node>, output: string): Node[] {
  const sorted: Node[] = []
  const state = new Map<Node, 'open' | 'done'>()
  const stack: { readonly node: Node; next: number }[] = []
  const enter = (name: string): void => {
    const node = byOutput.get(name)
    if (node === undefined || state.get(node) === 'done') return
    if (state.get(node) === 'open') {
      throw new CheckpointError('Operators of the graph depend on each other.', { got: name })
    }
    state.set(node, 'open')
    stack.push({ node, next: 0 })
  }
  enter(output)
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const name = top.node.inputs[top.next]
    top.next += 1
    if (name !== undefined) enter(name)
    else {
      stack.pop()
      state.set(top.node, 'done')
      sorted.push(top.node)
    }
  }
  return sorted
}

/**
 * The output of a graph that has the most layers before it, and the nodes that it needs, each after the nodes that it takes. If a model
 * gives its features or its inner maps beside its answer, the answer is read.
 * @param isLayer whether a node has weights
 * @param isChoice whether a node chooses a class, as ArgMax does; its input is then the output
 * @throws CheckpointError if no node gives one of the outputs, two give the same, nodes depend on each other, or another output has layers
 * of its own, so that the model gives two answers
 */
export function neededNodes<Node extends Ordered>(
  nodes: readonly Node[],
  outputs: readonly string[],
  isLayer: (node: Node) => boolean,
  isChoice: (node: Node) => boolean,
): { readonly output: string; readonly nodes: readonly Node[] } {
  const byOutput = new Map<string, Node>()
  for (const node of nodes) {
    for (const output of node.outputs) {
      if (output === '') continue
      if (byOutput.has(output)) {
        throw new CheckpointError('Two operators of the graph have one output.', { got: output })
      }
      byOutput.set(output, node)
    }
  }
  const candidates: { readonly output: string; readonly nodes: readonly Node[]; readonly layers: number }[] = []
  for (const stated of outputs.slice(0, mostOutputs)) {
    let output = stated
    if (!byOutput.has(output)) throw new CheckpointError('No operator gives an output of the graph.', { got: output })
    for (let depth = 0; depth < mostChoices; depth++) {
      const node = byOutput.get(output)
      if (node !== undefined && isChoice(node)) output = node.inputs[0] ?? ''
    }
    if (!byOutput.has(output)) continue
    const needed = upstream(byOutput, output)
    candidates.push({ output, nodes: needed, layers: needed.filter(isLayer).length })
  }
  const [furthest, ...others] = candidates.sort((a, b) => b.layers - a.layers || b.nodes.length - a.nodes.length)
  if (furthest === undefined) {
    throw new CheckpointError('No operator gives an output of the graph.', {
      got: outputs.slice(0, 3).join(', ') || 'no output',
    })
  }
  const inAnswer = new Set(furthest.nodes)
  const second = others.find(({ nodes: needed }) => needed.some((node) => isLayer(node) && !inAnswer.has(node)))
  if (second !== undefined) {
    throw new CheckpointError('The model has several outputs with layers of their own.', {
      expected: 'one output, or the features that it was made from beside it',
      got: `${furthest.output} and ${second.output}, each with layers of its own`,
      remedy: 'Export the model with one of these outputs.',
    })
  }
  return { output: furthest.output, nodes: furthest.nodes }
}
