import { CheckpointError } from '../../checkpoint-error.js'
import { refuseMissing } from '../../graph/refuse-missing.js'
import type { Budget } from '../budget.js'
import type { TensorflowNode } from '../tfjs/nodes.js'
import type { DefinedNode, GraphDef, NodeTable, ProtobufAttributes } from './graph-def.js'

/**
 * A node of a graph whose calls of functions are resolved. Its name is unique. An input is the name of another node, with `:1` if
 * it is a later output.
 */
export interface InlinedNode extends TensorflowNode {
  readonly attributes: ProtobufAttributes
}

/** The graph itself, or one call of a function. */
interface Scope {
  readonly number: number
  readonly depth: number
  readonly nodes: NodeTable
  /** Where the inputs of the function come from. */
  readonly inputs: ReadonlyMap<string, Source>
  readonly returns: readonly string[]
}

interface Source {
  readonly scope: Scope
  readonly reference: string
}

/** An output of a node. */
export interface NodeOutput {
  readonly scope: Scope
  readonly node: DefinedNode
  readonly index: number
}

/** A graph whose calls of functions are resolved. */
export interface InlinedGraph {
  /** The scope of the graph itself. */
  readonly top: Scope
  /** The node that `reference` leads to in `scope`, through any number of calls. */
  find(scope: Scope, reference: string): NodeOutput
  /** The scope of the function that a node calls; null if it calls none. */
  callOf(scope: Scope, node: DefinedNode): Scope | null
  /** The node's name, which no other node has. */
  nameOf(output: Pick<NodeOutput, 'scope' | 'node'>): string
  /** The nodes from which the outputs are computed, each after the nodes that it takes. `inputsOf` gives the inputs that are followed. */
  collect(outputs: readonly string[], inputsOf: (node: DefinedNode) => readonly string[]): InlinedNode[]
}

function refuse(got: string): never {
  throw new CheckpointError('The graph is not that of a MobileNetV2.', {
    got,
  })
}

/** The inputs that have values. */
export function dataInputs({ inputs }: DefinedNode): readonly string[] {
  return inputs.filter((input) => !input.startsWith('^'))
}

/** `name`, `name:1` or `name:output:1` as the node's name and the output's index. */
function splitReference(reference: string): { name: string; output: string; index: number } {
  const [name = '', ...rest] = reference.split(':')
  const index = Number(rest.at(-1) ?? 0)
  if (rest.length > 2 || !Number.isSafeInteger(index) || index < 0) refuseMissing(reference)
  return { name, output: rest.length > 1 ? rest[0]! : '', index }
}

/** The name of the only output of a FusedBatchNorm that a network uses. */
const normalized = 'y'

/**
 * Resolves the calls of functions in a graph.
 * @throws CheckpointError if there are too many calls or nodes, or nodes depend on each other; so do the functions of the result
 */
export function inlineGraph(graph: GraphDef, budget: Budget): InlinedGraph {
  const top: Scope = { number: 0, depth: 0, nodes: graph.nodes, inputs: new Map(), returns: [] }
  const calls = new Map<string, Scope>()
  const names = new Map<string, string>()
  const given = new Set<string>()

  const callOf = (scope: Scope, node: DefinedNode): Scope | null => {
    const key = `${scope.number} ${node.name}`
    const known = calls.get(key)
    if (known !== undefined) return known
    const { operation } = node
    const isCall = operation === 'PartitionedCall' || operation === 'StatefulPartitionedCall'
    const called = isCall ? node.attributes.functionName('f') : operation
    const definition = called === null ? null : graph.functionOf(called)
    if (definition === null) return isCall ? refuse(`a call of ${String(called)}, which is not there`) : null
    budget.depth(scope.depth + 1, `the call of ${called}`)
    budget.parts(1, 'calls')
    const values = dataInputs(node)
    budget.items(definition.inputs.length, 'the inputs of calls')
    const inputs = new Map(
      definition.inputs.flatMap((input, index): [string, Source][] => {
        const reference = values[index]
        return reference === undefined ? [] : [[input, { scope, reference }]]
      }),
    )
    const call = {
      ...{ number: calls.size + 1, depth: scope.depth + 1 },
      ...{ nodes: definition.nodes, inputs, returns: definition.returns },
    }
    calls.set(key, call)
    return call
  }

  const find = (from: Scope, wanted: string): NodeOutput => {
    let [scope, reference] = [from, wanted]
    for (;;) {
      budget.items(1, 'functions that return what they are given')
      const argument = scope.inputs.get(reference)
      if (argument !== undefined) {
        scope = argument.scope
        reference = argument.reference
        continue
      }
      const { name, output, index } = splitReference(reference)
      const node = scope.nodes.get(name)
      if (node === null) return refuseMissing(reference)
      const call = callOf(scope, node)
      if (call === null) {
        const other = node.operation.startsWith('FusedBatchNorm') && output !== '' && output !== normalized
        return { scope, node, index: other ? Math.max(index, 1) : index }
      }
      scope = call
      reference = call.returns[index] ?? ''
    }
  }

  const nameOf = ({ scope, node }: Pick<NodeOutput, 'scope' | 'node'>): string => {
    const key = `${scope.number} ${node.name}`
    const known = names.get(key)
    if (known !== undefined) return known
    let name = node.name
    if (given.has(name)) name = `${node.name} (call ${scope.number})`
    if (given.has(name)) refuse(`two nodes ${node.name}`)
    given.add(name)
    names.set(key, name)
    return name
  }

  const collect: InlinedGraph['collect'] = (outputs, inputsOf) => {
    const collected: InlinedNode[] = []
    const done = new Set<string>()
    const waiting = new Set<string>()
    interface Visit {
      readonly scope: Scope
      readonly node: DefinedNode
      readonly inputs: readonly NodeOutput[]
      next: number
    }
    const visits: Visit[] = []
    const visit = ({ scope, node }: NodeOutput): void => {
      const key = `${scope.number} ${node.name}`
      if (done.has(key)) return
      if (waiting.has(key)) refuse(`nodes that depend on each other, at ${node.name}`)
      budget.parts(1, 'nodes')
      waiting.add(key)
      const inputs = inputsOf(node)
      budget.items(inputs.length, 'the inputs of nodes')
      visits.push({ scope, node, inputs: inputs.map((reference) => find(scope, reference)), next: 0 })
    }
    for (const output of outputs) {
      visit(find(top, output))
      for (let current = visits.at(-1); current !== undefined; current = visits.at(-1)) {
        const input = current.inputs[current.next]
        current.next += 1
        if (input !== undefined) {
          visit(input)
          continue
        }
        visits.pop()
        const key = `${current.scope.number} ${current.node.name}`
        waiting.delete(key)
        done.add(key)
        const { operation, attributes } = current.node
        const inputs = current.inputs.map((found) => (found.index === 0 ? nameOf(found) : `${nameOf(found)}:${found.index}`))
        collected.push({ name: nameOf(current), operation, inputs, attributes })
      }
    }
    return collected
  }
  return { top, find, callOf, nameOf, collect }
}
