// Imported before all others, because it counts the arrays that they allocate.
import './support/allocations.js'

import { unzipSync, zipSync } from 'fflate'
import { test } from 'vitest'
import { damagesOf, type FuzzSeed } from './support/damage.js'
import { fuzz, fuzzRuns, fuzzTimeout } from './support/fuzz.js'
import { goldenBytes } from './support/goldens.js'

const whole = (name: string, share: number, siblings?: FuzzSeed['siblings']): FuzzSeed => ({
  ...{ name, bytes: goldenBytes(name), whole: true, share },
  ...(siblings && { siblings }),
})
const part = (name: string, bytes: Uint8Array, share: number): FuzzSeed => ({ name, bytes, whole: false, share })
const json = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** A model of one layer of each kind, which is read as far as its graph. */
const layers = [
  { class_name: 'Rescaling', config: { name: 'rescaling', scale: 1 / 127.5, offset: -1, batch_input_shape: [null, 64, 64, 3] } },
  {
    class_name: 'ZeroPadding2D',
    config: {
      name: 'pad',
      padding: [
        [0, 1],
        [0, 1],
      ],
    },
  },
  { class_name: 'Conv2D', config: { name: 'conv', kernel_size: [3, 3], strides: [2, 2], padding: 'valid', use_bias: false } },
  { class_name: 'BatchNormalization', config: { name: 'bn', axis: -1, epsilon: 1e-3 } },
  { class_name: 'ReLU', config: { name: 'relu', max_value: 6 } },
  { class_name: 'DepthwiseConv2D', config: { name: 'depthwise', kernel_size: [3, 3], strides: [1, 1], padding: 'same' } },
  { class_name: 'AveragePooling2D', config: { name: 'pool', pool_size: [32, 32] } },
  { class_name: 'Flatten', config: { name: 'flatten' } },
  { class_name: 'Dense', config: { name: 'dense', units: 2, activation: 'softmax' } },
]
const model = { class_name: 'Sequential', config: { name: 'small', layers } }
const archive = zipSync({ 'config.json': json(model), 'model.weights.h5': goldenBytes('arrays-latest.h5') }, { level: 0 })
const layersModel = json({ format: 'layers-model', modelTopology: model, weightsManifest: [{ paths: [], weights: [] }] })
const shard = 'tfjs-layers-uint8-shard1of1.bin'

const readers: readonly { reader: string; seeds: readonly FuzzSeed[] }[] = [
  {
    reader: 'HDF5',
    seeds: [
      part('arrays.h5', goldenBytes('arrays.h5'), 0.74),
      part('arrays-latest.h5', goldenBytes('arrays-latest.h5'), 0.24),
      whole('keras3.h5', 0.01),
      { name: 'keras2.weights.h5', bytes: unzipSync(goldenBytes('keras2.keras'))['model.weights.h5']!, whole: true, share: 0.01 },
    ],
  },
  { reader: "Keras's archive", seeds: [part('a small model', archive, 0.98), whole('keras2.keras', 0.02)] },
  {
    reader: 'TensorFlow.js layers-model',
    seeds: [
      part('a small model', layersModel, 0.95),
      whole('tfjs-layers-uint8.json', 0.05, new Map([[shard, goldenBytes(shard)]])),
    ],
  },
]

test.each(readers)(
  `$reader: ${fuzzRuns} damaged files are read or refused, within bounds`,
  ({ reader, seeds }) => fuzz(reader, seeds.map(damagesOf), fuzzRuns),
  fuzzTimeout,
)
