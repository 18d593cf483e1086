// Imported before all others, because it counts the arrays that they allocate.
import './support/allocations.js'

import { unzipSync } from 'fflate'
import { test } from 'vitest'
import { toSafetensors } from '../src/index.js'
import { torchvisionNamings } from '../src/namings/torchvision.js'
import { ownNetwork } from './support/checkpoints.js'
import { type FuzzSource, fuzz, fuzzRuns, fuzzTimeout } from './support/fuzz.js'
import { pickleFiles } from './support/pickle-files.js'
import { called, classOf, dict, type PickleTree, pickleOf } from './support/pickle-tree.js'
import { pick, type Random } from './support/random.js'
import { smallStateDict } from './support/small-options.js'
import { changed, type Tree } from './support/structure.js'
import {
  legacyOf,
  legacyTree,
  npzEntries,
  npzTree,
  numpyTree,
  safetensorsOf,
  safetensorsTree,
  tensorRows,
  torchEntries,
  torchTree,
} from './support/tensor-rows.js'
import { jsonOf } from './support/tfjs-tree.js'
import { memberIn, textIn } from './support/tree-values.js'
import { zipOf, zipTree } from './support/zip-tree.js'

const rows = tensorRows(torchvisionNamings[0]!, smallStateDict)

function source(name: string, share: number, tree: Tree, encode: (tree: Tree) => Uint8Array, change = changed): FuzzSource {
  return {
    ...{ name, share, whole: true, original: { bytes: encode(tree) } },
    make: (random) => ({ file: { bytes: encode(change(tree, random)) } }),
  }
}

/** A value of a pickle, nested in many lists or pairs of itself, or another part of a pickle. */
function wrapped(tree: Tree, random: Random): Tree {
  const levels = pick([1, 2, 31, 60, 500, 2000], random)
  return pick<Tree>(
    [
      { twice: levels, of: tree, as: pick(['pair', 'list', 'dict', 'object'], random) },
      { inside: levels, of: tree },
      { list: [tree, tree] },
      [tree, tree],
      dict([['state_dict', tree]]),
      called('collections OrderedDict', [tree]),
      called('torch._utils _rebuild_parameter', [tree, true, null]),
      { object: classOf('models Net'), with: [], state: dict([['_modules', tree]]) },
    ],
    random,
  )
}

/** A change of a pickle: of numbers and edges, or something in it is wrapped. */
function changedPickle(tree: Tree, random: Random): Tree {
  const copy = changed(tree, random)
  if (random(3) > 0) return copy
  const wrap = (value: Tree, depth: number): Tree => {
    const entries = value !== null && typeof value === 'object' && !ArrayBuffer.isView(value) ? Object.entries(value) : []
    if (entries.length === 0 || (depth > 0 && random(4) === 0)) return wrapped(value, random)
    const [key, inner] = pick(entries as [string, Tree][], random)
    return (
      Array.isArray(value)
        ? value.with(Number(key), wrap(inner, depth + 1))
        : { ...(value as object), [key]: wrap(inner, depth + 1) }
    ) as Tree
  }
  return wrap(copy, 0)
}

/** This project's own file as `{ header, data }`, in which the description is a tree as well. */
function ownTree(): Tree {
  const bytes = toSafetensors(ownNetwork, { dtype: 'I8' })
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const { __metadata__: metadata, ...header } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
    string,
    Tree
  >
  return {
    header,
    data: bytes.slice(8 + length),
    headerLength: 0,
    description: JSON.parse(textIn(memberIn(metadata, 'mobilenetv2'))) as Tree,
  }
}

function ownOf(tree: Tree): Uint8Array {
  const description = new TextDecoder().decode(jsonOf(memberIn(tree, 'description')))
  const header = memberIn(tree, 'header')
  const entries = header !== null && typeof header === 'object' ? header : {}
  return safetensorsOf({ ...(tree as object), header: { __metadata__: { mobilenetv2: description }, ...entries } } as Tree)
}

/** A training checkpoint: the state dict among other things. */
const training = (tree: Tree): Tree => ({
  ...(tree as object),
  value: dict([
    ['epoch', 3],
    ['arch', 'mobilenet_v2'],
    ['classes', { list: ['cat', 'dog', 'cow'] }],
    ['state_dict', memberIn(tree, 'value')!],
  ]),
})

const torch = torchTree(rows)
const torchZip = (tree: Tree): Uint8Array => zipOf(zipTree(torchEntries(tree)))

/** A script: objects of classes whose code lies beside the pickle. */
const script = unzipSync(pickleFiles().get('script.pt')!)
const module = (name: string, state: readonly (readonly [string, PickleTree])[]): PickleTree => ({
  object: classOf(`__torch__.torch.nn.modules ${name}`),
  with: [],
  state: dict([['training', false], ...state]),
})
const tensors = (memberIn(torch, 'value') as { readonly dict: readonly (readonly [string, Tree])[] }).dict
const scripted = {
  value: module(
    'container.Sequential',
    tensors.slice(0, 12).map(([name, tensor]) => [name.replaceAll('.', '_'), module('conv.Conv2d', [['weight', tensor]])]),
  ),
  storages: memberIn(torch, 'storages')!,
  constants: tensors.slice(0, 2).map(([, tensor]) => tensor),
}
const scriptOf = (tree: Tree): Uint8Array =>
  zipOf(
    zipTree({
      ...Object.fromEntries(Object.entries(script).filter(([name]) => name.includes('/code/'))),
      ...torchEntries(tree),
      'archive/constants.pkl': pickleOf(memberIn(tree, 'constants') ?? null),
    }),
  )

const npz = npzTree(rows)

const readers: readonly { reader: string; sources: readonly FuzzSource[] }[] = [
  {
    reader: 'safetensors',
    sources: [source('a state dict', 0.5, safetensorsTree(rows), safetensorsOf), source('an own file', 0.5, ownTree(), ownOf)],
  },
  {
    reader: "PyTorch's zip",
    sources: [
      source('a state dict', 0.5, torch, torchZip, changedPickle),
      source('a training', 0.5, training(torch), torchZip, changedPickle),
    ],
  },
  { reader: "PyTorch's legacy pickle", sources: [source('a state dict', 1, legacyTree(rows), legacyOf, changedPickle)] },
  { reader: 'TorchScript', sources: [{ ...source('a script', 1, scripted, scriptOf, changedPickle), whole: false }] },
  { reader: 'pickles', sources: [source('arrays of NumPy', 1, numpyTree(rows), pickleOf, changedPickle)] },
  { reader: 'NumPy', sources: [source('arrays', 1, npz, (tree) => zipOf(zipTree(npzEntries(tree))))] },
  {
    reader: 'zips',
    sources: [
      source('of PyTorch', 0.4, zipTree(torchEntries(torch)), zipOf),
      source('of NumPy, packed', 0.3, zipTree(npzEntries(npz), 8), zipOf),
      source(
        'of a folder',
        0.3,
        zipTree(
          {
            'model/model.safetensors': safetensorsOf(safetensorsTree(rows)),
            'model/labels.txt': new TextEncoder().encode('cat\ndog\ncow'),
          },
          8,
        ),
        zipOf,
      ),
    ],
  },
]

test.each(readers)(
  `$reader: ${fuzzRuns} files with wrong numbers and parts are read or refused, within bounds`,
  ({ reader, sources }) => fuzz(`${reader}, structure`, sources, fuzzRuns),
  fuzzTimeout,
)
