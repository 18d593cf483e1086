// Imported before all others, because it counts the arrays that they allocate.
import './support/allocations.js'

import { test } from 'vitest'
import { toOnnx, toTflite } from '../src/index.js'
import { transposed } from './support/array-operations.js'
import { type FuzzSource, fuzz, fuzzRuns, fuzzTimeout } from './support/fuzz.js'
import { onnxSchema } from './support/onnx-tree.js'
import { protobufOf, protobufTree } from './support/protobuf-tree.js'
import { pick } from './support/random.js'
import { runOnnx } from './support/run-onnx.js'
import { runTflite } from './support/run-tflite.js'
import { expectSameLogits } from './support/same-logits.js'
import { smallNetworks } from './support/small-networks.js'
import { changed, type Tree } from './support/structure.js'
import { runTfjs, tfjsFile, tfjsTree } from './support/tfjs-tree.js'
import { tfliteOf, tfliteTree, withIntegers } from './support/tflite-tree.js'

const layouts = [
  { layout: 'channelsFirst', files: smallNetworks.map((network) => toOnnx(network)) },
  { layout: 'channelsLast', files: smallNetworks.map((network) => toOnnx(network, { layout: 'channelsLast' })) },
] as const

function onnx({ layout, files }: (typeof layouts)[number]): FuzzSource {
  const trees = files.map((bytes) => protobufTree(bytes, onnxSchema))
  return {
    name: layout,
    whole: true,
    share: 1 / layouts.length,
    original: { bytes: files[0]! },
    make(random) {
      const tree = changed(pick(trees, random), random)
      return {
        file: { bytes: protobufOf(tree, onnxSchema) },
        check({ network }) {
          if (network === null) return
          expectSameLogits(network, (input) => runOnnx(tree, layout === 'channelsFirst' ? transposed(input, [0, 3, 1, 2]) : input))
        },
      }
    },
  }
}

const tfjsTrees = smallNetworks.map(tfjsTree)

const tfjs: FuzzSource = {
  name: 'small models',
  whole: true,
  share: 1,
  original: tfjsFile(tfjsTrees[0]!),
  make(random) {
    const tree = changed(pick(tfjsTrees, random), random)
    return {
      file: tfjsFile(tree),
      check({ network }) {
        if (network !== null) expectSameLogits(network, (input) => runTfjs(tree, input))
      },
    }
  },
}

const floats = smallNetworks.map((network) => tfliteTree(toTflite(network)))

function tflite(name: string, trees: readonly Tree[]): FuzzSource {
  return {
    name,
    whole: true,
    share: 0.5,
    original: { bytes: tfliteOf(trees[0]!) },
    make(random) {
      const tree = changed(pick(trees, random), random)
      return {
        file: { bytes: tfliteOf(tree) },
        check({ network }) {
          if (network !== null) expectSameLogits(network, (input) => runTflite(tree, input))
        },
      }
    },
  }
}

const readers: readonly { reader: string; sources: readonly FuzzSource[] }[] = [
  { reader: 'ONNX', sources: layouts.map(onnx) },
  { reader: 'TensorFlow Lite', sources: [tflite('floats', floats), tflite('integers', floats.map(withIntegers))] },
  { reader: 'TensorFlow.js graph-model', sources: [tfjs] },
]

test.each(readers)(
  `$reader: ${fuzzRuns} graphs with wrong numbers and edges are refused, or read as they say`,
  ({ reader, sources }) => fuzz(`${reader}, structure`, sources, fuzzRuns),
  fuzzTimeout,
)
