import { expect, test } from 'vitest'
import { type Network, readNetwork, type TfjsGraphModel, toTfjs } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { smallNetworks } from './support/small-networks.js'

type Change = (modelJson: TfjsGraphModel['modelJson']) => object

/** Reads a small network whose `model.json` is changed. */
async function readChanged(change: Change): Promise<Network> {
  const { modelJson, shards } = toTfjs(smallNetworks[0]!)
  const model = change(modelJson)
  const readSibling = async (name: string): Promise<Uint8Array | null> => shards.find((shard) => shard.name === name)?.bytes ?? null
  return readNetwork(new TextEncoder().encode(JSON.stringify(model)), { readSibling })
}

const signed =
  (signature: object): Change =>
  (model) => ({ ...model, signature })
const outputs = (name: string): object => ({ outputs: { answer: { name } } })

test('the signature says where the network ends', async () => {
  expect((await readChanged((model) => model)).architecture.classes).toBe(3)
  expect((await readChanged(signed(outputs('pool:0')))).architecture.classes).toBe(0)
})

test("the signature in the converter's own place takes precedence", async () => {
  const change: Change = (model) => ({ ...model, userDefinedMetadata: { signature: outputs('pool:0') } })
  expect((await readChanged(change)).architecture.classes).toBe(0)
})

test('without a signature, or outputs in it, the network ends at the node that no other node takes', async () => {
  expect((await readChanged(({ signature: _, ...model }) => model)).architecture.classes).toBe(3)
  expect((await readChanged(signed({ outputs: {} }))).architecture.classes).toBe(3)
})

const without =
  (removed: string): Change =>
  ({ modelTopology, ...model }) => ({
    ...model,
    modelTopology: { ...modelTopology, node: modelTopology.node.filter(({ name }) => name !== removed) },
  })
const taking =
  (taken: string): Change =>
  (model) => {
    model.modelTopology.node.at(-1)!.input!.push(taken)
    return model
  }

test.each([
  ['an output that no node gives', signed(outputs('nothing:0')), 'No operator gives an output'],
  ['an output of a node that has one output', signed(outputs('classifier:1')), 'No operator gives an output'],
  ['the input as its output', signed(outputs('input:0')), 'the end of the graph'],
  ['an input that no node is', signed({ inputs: { x: { name: 'nothing:0' } } }), 'takes an input that does not exist'],
  ['an input inside of the network', signed({ inputs: { x: { name: 'pool:0' } } }), 'a node inside of its graph'],
  ['an output that was removed', without('classifier'), 'No operator gives an output'],
  ['a node less inside', without('head'), 'takes an input that does not exist'],
  ['a node that waits for one that is not there', taking('^nothing'), 'takes an input that does not exist'],
  ['a bias more', taking('input'), 'inputs'],
] as [string, Change, string][])('a graph-model with %s is refused', async (_, change, expected) => {
  expect((await refusalOf(() => readChanged(change))).message).toContain(expected)
})
