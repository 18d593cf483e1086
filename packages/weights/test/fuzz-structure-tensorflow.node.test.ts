// Imported before all others, because it counts the arrays that they allocate.
import './support/allocations.js'

import { test } from 'vitest'
import { slimNamings } from '../src/namings/slim.js'
import { type FuzzFile, type FuzzSource, fuzz, fuzzRuns, fuzzTimeout } from './support/fuzz.js'
import { frozenTree, graphDefSchema, runFrozen } from './support/graph-def-tree.js'
import { protobufOf } from './support/protobuf-tree.js'
import { pick } from './support/random.js'
import { expectSameLogits } from './support/same-logits.js'
import { bundleTree, checkpointFile, savedModelFile, savedModelTree } from './support/saved-model-tree.js'
import { smallNetworks } from './support/small-networks.js'
import { smallStateDict } from './support/small-options.js'
import { changed, type Tree } from './support/structure.js'
import { tensorRows } from './support/tensor-rows.js'

const frozen = smallNetworks.map(frozenTree)
const frozenFile = (tree: Tree): FuzzFile => ({ bytes: protobufOf(tree, graphDefSchema) })

const graphs: FuzzSource = {
  ...{ name: 'small graphs', share: 1, whole: true, original: frozenFile(frozen[0]!) },
  make(random) {
    const tree = changed(pick(frozen, random), random)
    return {
      file: frozenFile(tree),
      check({ network }) {
        if (network !== null) expectSameLogits(network, (input) => runFrozen(tree, input))
      },
    }
  },
}

function source(name: string, tree: Tree, encode: (tree: Tree) => FuzzFile): FuzzSource {
  return {
    ...{ name, share: 1, whole: true, original: encode(tree) },
    make: (random) => ({ file: encode(changed(tree, random)) }),
  }
}

const rows = tensorRows(slimNamings[0]!, smallStateDict)

const readers: readonly { reader: string; sources: readonly FuzzSource[] }[] = [
  { reader: 'a frozen graph', sources: [graphs] },
  { reader: 'a SavedModel', sources: [source('a small model', savedModelTree(smallNetworks[0]!), savedModelFile)] },
  { reader: 'a checkpoint', sources: [source('a small model', bundleTree(rows), checkpointFile)] },
]

test.each(readers)(
  `$reader: ${fuzzRuns} files with wrong numbers and edges are refused, or read as they say`,
  ({ reader, sources }) => fuzz(`${reader}, structure`, sources, fuzzRuns),
  fuzzTimeout,
)
