// Imported before all others, because it counts the arrays that they allocate.
import './support/allocations.js'

import { test } from 'vitest'
import { damagesOf, type FuzzSeed } from './support/damage.js'
import { fuzz, fuzzRuns, fuzzTimeout } from './support/fuzz.js'
import { type Field, messageOf } from './support/protobuf-fields.js'
import { checkpointFiles, frozenFiles, savedModelFiles, type TensorflowFiles } from './support/tensorflow-files.js'
import {
  bundleEntry,
  bundleHeader,
  call,
  constant,
  convolution,
  graphFields,
  node,
  placeholder,
  savedModel,
  sortedTable,
} from './support/tensorflow-messages.js'

const golden = (name: string, { bytes, siblings, options }: TensorflowFiles, share: number): FuzzSeed => ({
  ...{ name, bytes, siblings, whole: true, share },
  ...(options.file !== undefined && { file: options.file }),
})

const kernel = constant('kernel', [3, 3, 3, 8])
/** A BatchNorm that is taken apart, and a head. */
const rest = (input: string): Field[][] => [
  constant('epsilon', [], 0.001),
  constant('scale', [8]),
  constant('shift', [8]),
  constant('matrix', [8, 2]),
  constant(
    'axes',
    [2],
    [
      [1, 3],
      [7, Uint8Array.of(1, 2)],
    ],
  ),
  node('sum', 'AddV2', ['scale', 'epsilon']),
  node('factor', 'Rsqrt', ['sum']),
  node('offset', 'Mul', ['shift', 'factor']),
  node('shifted', 'AddV2', [input, 'offset']),
  node('relu', 'Relu6', ['shifted']),
  node('pool', 'Mean', ['relu', 'axes']),
  node('dense', 'MatMul', ['pool', 'matrix']),
  node('softmax', 'Softmax', ['dense']),
]
const frozen = messageOf(graphFields([placeholder, kernel, convolution('conv', 'input', 'kernel'), ...rest('conv')]))

const size = 4 * 216
const saved = savedModel({
  nodes: [placeholder, node('kernel', 'VarHandleOp'), call('call', 'f', ['input', 'kernel']), ...rest('call')],
  functions: [
    {
      name: 'f',
      inputs: ['x', 'resource'],
      nodes: [node('read', 'ReadVariableOp', ['resource']), convolution('conv', 'x', 'read:value:0')],
      returns: 'conv:output:0',
    },
  ],
  output: 'softmax:0',
})
const savedBeside = new Map([
  ['variables/variables.index', sortedTable([bundleHeader, bundleEntry('kernel', [3, 3, 3, 8], 0, size)])],
  ['variables/variables.data-00000-of-00001', new Uint8Array(size)],
])

const readers: readonly { reader: string; seeds: readonly FuzzSeed[] }[] = [
  {
    reader: 'a frozen graph',
    seeds: [
      { name: 'a small graph', bytes: frozen, whole: false, share: 0.98 },
      golden('tensorflow-frozen', frozenFiles('tensorflow-frozen'), 0.02),
    ],
  },
  {
    reader: 'a SavedModel',
    seeds: [
      { name: 'a small model', bytes: saved, siblings: savedBeside, whole: false, share: 0.98 },
      golden('tensorflow-keras2', savedModelFiles('tensorflow-keras2'), 0.01),
      golden('tensorflow-keras3', savedModelFiles('tensorflow-keras3'), 0.01),
    ],
  },
  {
    reader: 'a checkpoint',
    seeds: [
      golden('tensorflow-slim', checkpointFiles('tensorflow-slim'), 0.5),
      golden('tensorflow-checkpoint', checkpointFiles('tensorflow-checkpoint'), 0.5),
    ],
  },
]

test.each(readers)(
  `$reader: ${fuzzRuns} damaged files are read or refused, within bounds`,
  ({ reader, seeds }) => fuzz(reader, seeds.map(damagesOf), fuzzRuns),
  fuzzTimeout,
)
