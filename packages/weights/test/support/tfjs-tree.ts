import { toTfjs, type WritableNetwork } from '../../src/index.js'
import { UndefinedGraph, type Values, valuesOf } from './array-operations.js'
import type { FuzzFile } from './fuzz.js'
import { runTensorflow, type TfAttribute, type TfNode } from './run-tensorflow.js'
import type { Tree } from './structure.js'
import { bytesIn, listIn, memberIn, numberIn, textIn } from './tree-values.js'

/** JSON, in which bytes are lists of numbers. */
export function jsonOf(tree: Tree | undefined): Uint8Array {
  const text = JSON.stringify(tree ?? null, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value))
  return new TextEncoder().encode(text)
}

/** A graph model as `{ model, weights }`: `model.json`, and the bytes of each weight of its manifest. */
export function tfjsTree(network: WritableNetwork): Tree {
  const { modelJson, shards } = toTfjs(network)
  const [{ weights }] = modelJson.weightsManifest
  const bytes = shards[0]!.bytes
  let at = 0
  const parts = weights.map(({ shape }) => {
    const length = 4 * shape.reduce((product, extent) => product * extent, 1)
    at += length
    return bytes.slice(at - length, at)
  })
  return { model: JSON.parse(JSON.stringify(modelJson)) as Tree, weights: parts }
}

/** Bytes one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The files of such a tree: one shard with all bytes, at the first path of the manifest. */
export function tfjsFile(tree: Tree): FuzzFile {
  const model = memberIn(tree, 'model')
  const shard = joined(listIn(memberIn(tree, 'weights')).map(bytesIn))
  const [first] = listIn(memberIn(model, 'weightsManifest'))
  const [path] = listIn(memberIn(first, 'paths'))
  return { bytes: jsonOf(model), siblings: new Map([[textIn(path), shard]]) }
}

const decoded = (tree: Tree | undefined): string => {
  try {
    return atob(textIn(tree))
  } catch {
    return ''
  }
}

function attributeOf(value: Tree): TfAttribute {
  const list = memberIn(value, 'list')
  const whole = (tree: Tree | undefined): number => (typeof tree === 'string' ? Number(tree) : numberIn(tree))
  const [text, flag, float, integer] = [memberIn(value, 's'), memberIn(value, 'b'), memberIn(value, 'f'), memberIn(value, 'i')]
  return {
    text: text === undefined ? undefined : decoded(text),
    flag: typeof flag === 'boolean' ? flag : undefined,
    number: float === undefined ? (integer === undefined ? undefined : whole(integer)) : numberIn(float),
    numbers: memberIn(list, 'i') === undefined ? undefined : listIn(memberIn(list, 'i')).map(whole),
    texts: memberIn(list, 's') === undefined ? undefined : listIn(memberIn(list, 's')).map(decoded),
  }
}

function nodeOf(tree: Tree): TfNode {
  const attributes = Object.entries((memberIn(tree, 'attr') ?? {}) as object) as [string, Tree][]
  return {
    name: textIn(memberIn(tree, 'name')),
    operation: textIn(memberIn(tree, 'op')),
    inputs: listIn(memberIn(tree, 'input')).map(textIn),
    attributes: new Map(attributes.map(([name, value]) => [name, attributeOf(value)])),
  }
}

/** The weights of a manifest, by name. */
export function weightsOf(tree: Tree): ReadonlyMap<string, Values> {
  const groups = listIn(memberIn(memberIn(tree, 'model'), 'weightsManifest'))
  const shard = joined(listIn(memberIn(tree, 'weights')).map(bytesIn))
  const found = new Map<string, Values>()
  let at = 0
  for (const weight of groups.flatMap((group) => listIn(memberIn(group, 'weights')))) {
    const shape = listIn(memberIn(weight, 'shape')).map(numberIn)
    const length = 4 * shape.reduce((product, extent) => product * extent, 1)
    const bytes = shard.slice(at, at + length)
    if (bytes.length % 4 !== 0) throw new UndefinedGraph('weights that end in the middle of a number')
    const isFloat = memberIn(weight, 'dtype') === 'float32'
    found.set(
      textIn(memberIn(weight, 'name')),
      valuesOf(shape, isFloat ? new Float32Array(bytes.buffer) : new Int32Array(bytes.buffer)),
    )
    at += length
  }
  return found
}

/** The nodes of a graph model. */
export function nodesOf(tree: Tree): TfNode[] {
  return listIn(memberIn(memberIn(memberIn(tree, 'model'), 'modelTopology'), 'node')).map(nodeOf)
}

/**
 * Computes the first output of a graph model.
 * @throws UndefinedGraph if the model does not say what to compute
 */
export function runTfjs(tree: Tree, input: Values): Values {
  const model = memberIn(tree, 'model')
  const nodes = nodesOf(tree)
  return runTensorflow(nodes, weightsOf(tree), outputOf(nodes, model), input)
}

/** The output that the signature names; if there is no signature, the node that no other takes. */
function outputOf(nodes: readonly TfNode[], model: Tree | undefined): string {
  const stated = memberIn(memberIn(memberIn(memberIn(model, 'signature'), 'outputs'), 'logits'), 'name')
  if (stated !== undefined) return textIn(stated)
  const taken = new Set(nodes.flatMap(({ inputs }) => inputs))
  return nodes.findLast(({ name, operation }) => operation !== 'Const' && !taken.has(name))?.name ?? ''
}
