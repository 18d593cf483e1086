import type { LayerTime, MobileNetV2Options, Shape } from '@mobilenetv2/spec'

/** Where a contender can run; `-256` is the same with V8's flag that joins vectors to 256 bits. */
export const places = ['node', 'node-256', 'chromium', 'chromium-256', 'firefox', 'webkit'] as const

export type Where = (typeof places)[number]

/** The formats in which a model is handed over, each a folder of files; `int8` is a TFLite file of other, full-integer weights. */
export type ModelFormat = 'safetensors' | 'tflite' | 'onnx' | 'tfjs' | 'int8' | 'transformers'

/** The network and the pictures that every contender gets: the same weights, in the format that it reads, and the same pixels. */
export interface Task {
  readonly options: MobileNetV2Options
  /** Of one picture. */
  readonly picture: Shape
  readonly classes: number
  /** Pictures in the input. */
  readonly batch: number
  readonly threads: number
  /** float32 `[batch, height, width, 3]`. */
  readonly input: Float32Array<ArrayBuffer>
  /** The bytes of the model's files, by their names. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
  /** The folder on disk in which the models' folders lie; null in a browser. */
  readonly folder: string | null
  /** The URL under which each peer's own files lie, with a slash at the end; null in Node, where a library finds its files itself. */
  readonly peers: string | null
}

/** A contender that is ready to be timed. It is never disposed of: its process or page ends. */
export interface Runner {
  /** What it runs on, where the library tells. */
  readonly device: string | null
  /** One whole run, from the input as float32 in memory to the logits `[batch, classes]` as float32 in memory. */
  run(): Promise<Float32Array>
  /** Milliseconds by layer, for this project's own backends. */
  profile?(): Promise<readonly LayerTime[]>
}

/** Something that runs MobileNetV2. Its module is imported before any clock starts; `prepare` is timed as part of the cold start. */
export interface Contender {
  /** From the bytes of the model's files to a model that can run. */
  prepare(task: Task): Promise<Runner>
}

/** The bytes of one of the model's files. */
export function fileOf({ files }: Task, name: string): Uint8Array<ArrayBuffer> {
  const bytes = files.get(name)
  if (bytes === undefined) throw new Error(`the bench handed over ${[...files.keys()].join(', ') || 'no file'}, but no ${name}`)
  return bytes
}
