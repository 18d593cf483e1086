import { expect, test } from 'vitest'
import { type Checkpoint, readNetwork, toNetwork } from '../src/index.js'
import { torchvisionNamings } from '../src/namings/torchvision.js'
import { refusalOf } from './support/expect-refusal.js'
import { pickleOf } from './support/pickle-tree.js'
import { smallStateDict } from './support/small-options.js'
import { stateDict } from './support/state-dict.js'
import { numpyTree, tensorRows, torchEntries, torchTree } from './support/tensor-rows.js'
import { zipOf, zipTree } from './support/zip-tree.js'

const naming = torchvisionNamings[0]!
const whole = stateDict(naming, smallStateDict)

/** The state dict below a prefix, of which some tensors cannot be read. */
function without(names: readonly string[], prefix = ''): Checkpoint {
  const tensors = [...whole.tensors.values()].map((tensor) => ({ ...tensor, name: `${prefix}${tensor.name}` }))
  const left = tensors.filter(({ name }) => !names.includes(name))
  const unreadable = Object.fromEntries(names.map((name) => [name, 'of a type that is not known']))
  return { ...whole, tensors: new Map(left.map((tensor) => [tensor.name, tensor])), metadata: { unreadable } }
}

test.each([
  ['the bias of the classifier', ['classifier.bias'], ''],
  ['the whole classifier', ['classifier.weight', 'classifier.bias'], ''],
  ['a bias below a prefix', ['model.classifier.bias'], 'model.'],
  ['a classifier beside the network', ['head.weight', 'head.bias'], 'backbone.'],
])('a network is refused if %s cannot be read', async (_, names, prefix) => {
  const { message } = await refusalOf(() => toNetwork(without(names, prefix)))
  expect(message).toContain('of a type that is not known')
})

test.each([
  ['an average', ['ema.classifier.bias'], ''],
  ['an average beside a prefix', ['ema.classifier.bias'], 'model.'],
  ['what an optimizer keeps', ['optimizer.state.0.exp_avg'], ''],
  ['a second tensor of one path', ['classifier.bias'], ''],
])('a network is read if %s cannot be', async (title, names, prefix) => {
  const checkpoint = without(names, prefix)
  const tensors = title.startsWith('a second') ? whole.tensors : checkpoint.tensors
  expect((await toNetwork({ ...checkpoint, tensors })).architecture.classes).toBe(3)
})

const rows = tensorRows(naming, smallStateDict)

test("a bias whose storage in PyTorch's zip has no length leads to a refusal", async () => {
  const broken = rows.map((row) => (row.name === 'classifier.bias' ? { ...row, bytes: row.bytes.subarray(0, 5) } : row))
  const file = (entries: typeof rows): Uint8Array => zipOf(zipTree(torchEntries(torchTree(entries))))
  expect((await readNetwork(file(rows))).architecture.classes).toBe(3)
  expect((await refusalOf(() => readNetwork(file(broken)))).message).toContain('a storage that is known')
})

test.each([
  ['more', 36],
  ['fewer', 28],
])('an array in a pickle of %s bytes than its shape is refused', async (_, length) => {
  const array = { name: 'a', shape: [8], bytes: new Uint8Array(length) }
  const message = (await refusalOf(() => readNetwork(pickleOf(numpyTree([...rows, array]))))).message
  expect(message).toContain('An array of NumPy does not have the bytes')
})
