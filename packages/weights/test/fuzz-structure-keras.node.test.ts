// Imported before all others, because it counts the arrays that they allocate.
import './support/allocations.js'

import { test } from 'vitest'
import { type FuzzFile, type FuzzSource, fuzz, fuzzRuns, fuzzTimeout } from './support/fuzz.js'
import { dataset, group, hdf5Of } from './support/hdf5-tree.js'
import { kerasArchiveTree, kerasHdf5Root, kerasHdf5Tree, kerasLayers, layersModelTree } from './support/keras-model.js'
import { runKeras } from './support/run-keras.js'
import { expectSameLogits } from './support/same-logits.js'
import { smallNetworks } from './support/small-networks.js'
import { changed, type Tree } from './support/structure.js'
import { jsonOf, tfjsFile, weightsOf } from './support/tfjs-tree.js'
import { memberIn } from './support/tree-values.js'
import { zipOf, zipTree } from './support/zip-tree.js'

const layers = kerasLayers(smallNetworks[0]!)

function source(name: string, share: number, tree: Tree, encode: (tree: Tree) => FuzzFile): FuzzSource {
  return {
    ...{ name, share, whole: true, original: encode(tree) },
    make: (random) => ({ file: encode(changed(tree, random)) }),
  }
}

const archive = (tree: Tree): FuzzFile => ({
  bytes: zipOf(
    zipTree({ 'config.json': jsonOf(memberIn(tree, 'model')), 'model.weights.h5': hdf5Of(memberIn(tree, 'weights') ?? null) }),
  ),
})

/** A model whose layers and edges alone are changed, so that what it says can be computed. */
function edges(): FuzzSource {
  const tree = layersModelTree(layers)
  const weights = weightsOf(tree)
  const topology = memberIn(memberIn(tree, 'model'), 'modelTopology')
  return {
    ...{ name: 'edges', share: 0.5, whole: true, original: tfjsFile(tree) },
    make(random) {
      const model = changed(memberIn(topology, 'model_config')!, random)
      const modelTopology = { ...(topology as object), model_config: model }
      return {
        file: tfjsFile({ ...(tree as object), model: { ...(memberIn(tree, 'model') as object), modelTopology } } as Tree),
        check({ network }) {
          if (network !== null) expectSameLogits(network, (input) => runKeras(model, weights, input))
        },
      }
    },
  }
}

/** Arrays of each layout, of no network. */
const arrays = group(
  {
    a: dataset([2, 3], new Uint8Array(24)),
    b: group({ c: dataset([4], new Uint8Array(16), 'compact'), d: dataset([2, 2], new Uint8Array(16), 'chunked') }),
  },
  { names: ['one', 'three'] },
)

const readers: readonly { reader: string; sources: readonly FuzzSource[] }[] = [
  {
    reader: 'HDF5',
    sources: [
      source('a model', 0.5, kerasHdf5Tree(layers), (tree) => ({ bytes: hdf5Of(kerasHdf5Root(tree)) })),
      { ...source('arrays', 0.5, arrays, (tree) => ({ bytes: hdf5Of(tree) })), whole: false },
    ],
  },
  { reader: "Keras's archive", sources: [source('a model', 1, kerasArchiveTree(layers), archive)] },
  { reader: 'TensorFlow.js layers-model', sources: [source('a model', 0.5, layersModelTree(layers), tfjsFile), edges()] },
]

test.each(readers)(
  `$reader: ${fuzzRuns} files with wrong numbers and layers are read or refused, within bounds`,
  ({ reader, sources }) => fuzz(`${reader}, structure`, sources, fuzzRuns),
  fuzzTimeout,
)
