// Imported before all others, because it counts the arrays that they allocate.
import './support/allocations.js'

import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { zipSync } from 'fflate'
import { test } from 'vitest'
import { toSafetensors } from '../src/index.js'
import { damagesOf, type FuzzSeed } from './support/damage.js'
import { fuzz, fuzzRuns, fuzzTimeout } from './support/fuzz.js'
import { goldenBytes } from './support/goldens.js'
import { pickleFiles } from './support/pickle-files.js'

const options = { table: [[1, 8, 1, 1]], stemChannels: 8, headChannels: 8, classes: 3, height: 32, width: 32 } as const
const own = toSafetensors(
  {
    options,
    parameters: seededParameters(defineMobileNetV2(options)),
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
    classes: { labels: ['cat', 'dog'], background: 0, output: 'softmax' },
  },
  { dtype: 'I8' },
)
const ends = (bytes: Uint8Array, start: number, end: number): NonNullable<FuzzSeed['structure']> => [
  [0, Math.min(start, bytes.length)],
  [Math.max(0, bytes.length - end), bytes.length],
]
const golden = (name: string, start: number, end: number): FuzzSeed => {
  const bytes = goldenBytes(name)
  return { name, bytes, whole: true, share: 0.01, structure: ends(bytes, start, end) }
}

function npy(shape: string, order: string, data: number): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': ${order}, 'shape': (${shape}), }   \n`
  const text = new TextEncoder().encode(header)
  return Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0, ...text, ...new Uint8Array(data))
}
const arrays = { 'a/kernel.npy': npy('2, 3', 'True', 24), 'b.npy': npy('4,', 'False', 16) }

const madeByPickles = pickleFiles()
const pickles = (names: readonly string[]): FuzzSeed[] =>
  names.map((name) => ({ name, bytes: madeByPickles.get(name)!, whole: false, share: 1 / names.length }))

const readers: readonly { reader: string; seeds: readonly FuzzSeed[] }[] = [
  {
    reader: 'safetensors',
    seeds: [
      { name: 'int8 with a description', bytes: own, whole: true, share: 0.98 },
      golden('timm-bf16.safetensors', 40_000, 0),
      golden('huggingface.safetensors', 40_000, 0),
    ],
  },
  {
    reader: "PyTorch's zip",
    seeds: [
      { name: 'tensors.pth', bytes: goldenBytes('tensors.pth'), whole: false, share: 0.98 },
      golden('note.pth', 60_000, 30_000),
    ],
  },
  {
    reader: "PyTorch's legacy pickle",
    seeds: [
      { name: 'tensors-legacy.pth', bytes: goldenBytes('tensors-legacy.pth'), whole: false, share: 0.98 },
      golden('d-li14.pth', 60_000, 0),
    ],
  },
  {
    reader: "objects in PyTorch's pickles",
    seeds: pickles(['training-2.pth', 'training-legacy-5.pth', 'module.pth', 'kinds.pth', 'training-1.pth', 'training-0.pth']),
  },
  { reader: 'TorchScript', seeds: pickles(['script.pt', 'frozen.pt', 'mobile.ptl']) },
  {
    reader: 'pickles',
    seeds: pickles(['tensors-2.pkl', 'tensors-5.pkl', 'arrays-2.pkl', 'arrays-5.pkl', 'module.pkl', 'arrays.npy']),
  },
  {
    reader: 'NumPy',
    seeds: [
      { name: 'arrays as they are', bytes: zipSync(arrays, { level: 0 }), whole: false, share: 0.49 },
      { name: 'arrays packed', bytes: zipSync(arrays, { level: 9 }), whole: false, share: 0.5 },
      golden('slim.npz', 60_000, 60_000),
    ],
  },
]

test.each(readers)(
  `$reader: ${fuzzRuns} damaged files are read or refused, within bounds`,
  ({ reader, seeds }) => fuzz(reader, seeds.map(damagesOf), fuzzRuns),
  fuzzTimeout,
)
