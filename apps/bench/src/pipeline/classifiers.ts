import type { Way } from './classifier.js'
import { ownInt8, ownOnnxRuntime, ownWasm } from './classifiers/own.js'
import { python } from './classifiers/python.js'
import { sharpOnnxRuntime } from './classifiers/sharp-onnxruntime.js'
import { tfjsNode } from './classifiers/tfjs-node.js'
import { transformersPipeline } from './classifiers/transformers.js'

export type ClassifierName =
  | 'wasm'
  | 'wasm-256'
  | 'wasm-int8'
  | 'wasm-int8-256'
  | 'wasm-256, decode fast'
  | 'wasm-int8-256, decode fast'
  | 'onnxruntime'
  | 'sharp + onnxruntime-node'
  | 'transformers.js pipeline'
  | 'tfjs-node as in nsfwjs'
  | 'Python: Pillow + onnxruntime'

/** All ways, this project's first. Each is one row here and one module. */
const ways: Readonly<Record<ClassifierName, Way>> = {
  wasm: ownWasm(false),
  'wasm-256': ownWasm(true),
  'wasm-int8': ownInt8(false),
  'wasm-int8-256': ownInt8(true),
  'wasm-256, decode fast': ownWasm(true, 'fast'),
  'wasm-int8-256, decode fast': ownInt8(true, 'fast'),
  onnxruntime: ownOnnxRuntime,
  'sharp + onnxruntime-node': sharpOnnxRuntime,
  'transformers.js pipeline': transformersPipeline,
  'tfjs-node as in nsfwjs': tfjsNode,
  'Python: Pillow + onnxruntime': python,
}

/** The way that all others are compared with. */
export const peer: ClassifierName = 'sharp + onnxruntime-node'

export const classifierNames: readonly ClassifierName[] = Object.keys(ways) as ClassifierName[]

export function wayOf(name: ClassifierName): Way {
  return ways[name]
}
