import { type Budget, bytesPerValue } from '../budget.js'
import type { OnnxAttribute, OnnxNode } from './model.js'

/** A function that a model defines for its own nodes. */
export interface OnnxFunction {
  readonly name: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly OnnxNode[]
  /** The values of attributes that a call does not state. */
  readonly defaults: ReadonlyMap<string, OnnxAttribute>
}

/** The attributes of a node in a function. References to attributes of the call are replaced by these. */
function attributesIn({ attributes }: OnnxNode, call: OnnxNode, { defaults }: OnnxFunction): ReadonlyMap<string, OnnxAttribute> {
  const resolved = new Map<string, OnnxAttribute>()
  for (const [name, attribute] of attributes) {
    const { reference } = attribute
    const value = reference === undefined ? attribute : (call.attributes.get(reference) ?? defaults.get(reference))
    if (value !== undefined) resolved.set(name, value)
  }
  return resolved
}

/**
 * Replaces calls of functions by the nodes of the functions. The number of the call is put before the names of a function's own
 * activations.
 * @throws CheckpointError if there are more nodes than `budget` allows, or functions call each other without end
 */
export function inlineFunctions(
  nodes: readonly OnnxNode[],
  functions: readonly OnnxFunction[],
  budget: Budget,
): readonly OnnxNode[] {
  if (functions.length === 0) return nodes
  const keyOf = ({ domain, name }: { readonly domain: string; readonly name: string }): string => `${domain} ${name}`
  const byKey = new Map(functions.map((each) => [keyOf(each), each]))
  const inlined: OnnxNode[] = []
  let steps = 0
  const add = (node: OnnxNode, depth: number): void => {
    steps += 1
    budget.parts(1, 'the nodes of functions')
    budget.depth(depth, `the function ${node.operation}`)
    const called = byKey.get(keyOf({ domain: node.domain, name: node.operation }))
    if (called === undefined) {
      inlined.push(node)
      return
    }
    const own = `call ${steps}`
    const inside = (name: string): string => {
      budget.take(2 * name.length + bytesPerValue, 'the names in functions')
      return budget.name(`${own}/${name}`)
    }
    budget.items(called.inputs.length + called.outputs.length, 'the calls of functions')
    const names = new Map([['', '']])
    called.inputs.forEach((name, index) => {
      names.set(name, node.inputs[index] ?? '')
    })
    called.outputs.forEach((name, index) => {
      names.set(name, node.outputs[index] || inside(name))
    })
    const rename = (name: string): string => names.get(name) ?? inside(name)
    for (const inner of called.nodes) {
      budget.items(inner.inputs.length + inner.outputs.length + inner.attributes.size, 'the nodes of functions')
      const [inputs, outputs] = [inner.inputs.map(rename), inner.outputs.map(rename)]
      add({ ...inner, inputs, outputs, attributes: attributesIn(inner, node, called) }, depth + 1)
    }
  }
  for (const node of nodes) add(node, 0)
  return inlined
}
