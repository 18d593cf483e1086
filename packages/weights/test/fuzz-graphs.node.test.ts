// Imported before all others, because it counts the arrays that they allocate.
import './support/allocations.js'

import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { test } from 'vitest'
import { toOnnx, toTfjs, toTflite } from '../src/index.js'
import { damagesOf, type FuzzSeed } from './support/damage.js'
import { fuzz, fuzzRuns, fuzzTimeout } from './support/fuzz.js'
import { goldenBytes } from './support/goldens.js'

// One row of the table: a network that nobody has published, and small.
const architecture = defineMobileNetV2({
  table: [[6, 8, 2, 1]],
  stemChannels: 8,
  headChannels: 8,
  classes: 3,
  height: 32,
  width: 32,
  padding: 'same',
})
const tiny = { architecture, parameters: seededParameters(architecture) }
const tfjs = toTfjs(tiny)

const small = (name: string, bytes: Uint8Array, share: number, siblings?: FuzzSeed['siblings']): FuzzSeed => ({
  ...{ name, bytes, whole: true, share },
  ...(siblings && { siblings }),
})
const golden = (name: string, share: number): FuzzSeed => ({ name, bytes: goldenBytes(name), whole: true, share })
const quarter = 0.005

const readers: readonly { reader: string; seeds: readonly FuzzSeed[] }[] = [
  {
    reader: 'ONNX',
    seeds: [
      small('a small model', toOnnx(tiny), 0.975),
      ...['heads-functions.onnx', 'onnx-batch-norm.onnx', 'onnx-qdq.onnx', 'onnx-qoperator.onnx', 'onnx-dynamic.onnx'].map((name) =>
        golden(name, quarter),
      ),
    ],
  },
  {
    reader: 'TensorFlow Lite',
    seeds: [
      small('a small model', toTflite(tiny), 0.975),
      ...['heads-positions.tflite', 'float.tflite', 'int8.tflite', 'dynamic-range.tflite', 'float16.tflite'].map((name) =>
        golden(name, quarter),
      ),
    ],
  },
  {
    reader: 'TensorFlow.js graph-model',
    seeds: [
      small(
        'a small model',
        new TextEncoder().encode(JSON.stringify(tfjs.modelJson)),
        1,
        new Map(tfjs.shards.map(({ name, bytes }) => [name, bytes])),
      ),
    ],
  },
]

test.each(readers)(
  `$reader: ${fuzzRuns} damaged files are read or refused, within bounds`,
  ({ reader, seeds }) => fuzz(reader, seeds.map(damagesOf), fuzzRuns),
  fuzzTimeout,
)
