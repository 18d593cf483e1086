import type { Architecture } from '@mobilenetv2/spec'
import { type RunnableNetwork, toTfjs } from '@mobilenetv2/weights'

/** The files of a format, by their names inside its folder. */
export type Files = ReadonlyMap<string, Uint8Array>

/** The bytes of a JSON file with a value. */
export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

/** transformers.js reads the architecture from `config.json` and all else from the ONNX file. The labels are the outputs' numbers. */
export function transformersFiles({ classes }: Architecture, onnx: Uint8Array): Files {
  const config = {
    model_type: 'mobilenet_v2',
    architectures: ['MobileNetV2ForImageClassification'],
    num_labels: classes,
    id2label: Object.fromEntries(Array.from({ length: classes }, (_, index) => [index, String(index)])),
  }
  return new Map([
    ['config.json', jsonBytes(config)],
    ['onnx/model.onnx', onnx],
  ])
}

/** The graph model of TensorFlow.js: `model.json` and its shards. */
export function tfjsFiles(network: RunnableNetwork): Files {
  const { modelJson, shards } = toTfjs(network)
  return new Map([['model.json', jsonBytes(modelJson)], ...shards.map(({ name, bytes }) => [name, bytes] as const)])
}
