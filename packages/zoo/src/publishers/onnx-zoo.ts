import type { ZooEntry } from '../entry.js'

const models = {
  '12': { top1: 69.48, weights: 'float32', sha256: 'c0c3f76d93fa3fd6580652a45618618a220fced18babf65774ed169de0432ad5' },
  '7': { top1: 70.94, weights: 'float32', sha256: 'c1c513582d56afceff8516c73804e484c81c6a830712ab6d682253f4a3cd042f' },
  '12-int8': { top1: 68.3, weights: 'int8', sha256: 'cc028fe6cae7bc11a4ff53cfc9b79c920e8be65ce33a904ec3e2a8f66d77f95f' },
} as const

type Name = keyof typeof models

export type OnnxZooId = `onnx-zoo-${Name}`

/** Where the ONNX model zoo is now, and the repository in which it was before. */
const folders = [
  'https://huggingface.co/onnxmodelzoo/legacy_models/resolve/main',
  'https://github.com/onnx/models/raw/main',
] as const

function entry(name: Name): ZooEntry {
  const { top1, weights, sha256 } = models[name]
  const file = `mobilenetv2-${name}.onnx`
  const urls = folders.map((folder) => `${folder}/validated/vision/classification/mobilenet/model/${file}`)
  return {
    id: `onnx-zoo-${name}`,
    publisher: 'ONNX model zoo',
    note: `opset ${name.split('-')[0]}`,
    location: { kind: 'file', name: file, urls, bytes: null, sha256 },
    licence: 'Apache-2.0',
    options: {},
    naming: 'structural',
    weights,
    labels: 'imagenet',
    published: { top1, top5: null },
    measured: null,
  }
}

/** The MobileNetV2 of the ONNX model zoo, in each opset in which it is published. */
export const onnxZooEntries: readonly ZooEntry[] = (['7', '12', '12-int8'] as const satisfies Name[]).map(entry)
