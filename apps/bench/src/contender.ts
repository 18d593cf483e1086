import type { LayerTime, MobileNetV2Options, Shape } from '@mobilenetv2/spec'

/** The places in which a contender can run. `-256` means: with V8's flag that joins vectors to 256 bits. */
export const places = ['node', 'node-256', 'chromium', 'chromium-256', 'firefox', 'webkit'] as const

export type Where = (typeof places)[number]

/** The formats in which a contender gets a model, each a folder of files. `int8` is a TFLite file with other, full-integer weights. */
export type ModelFormat = 'safetensors' | 'tflite' | 'onnx' | 'tfjs' | 'int8' | 'transformers'

/** The network and the pictures that a contender gets. All contenders get the same pixels and the same weights, each in its own format. */
export interface Task {
  readonly options: MobileNetV2Options
  /** The shape of one picture. */
  readonly picture: Shape
  readonly classes: number
  /** The number of pictures in the input. */
  readonly batch: number
  readonly threads: number
  /** The pixels, float32 `[batch, height, width, 3]`. */
  readonly input: Float32Array<ArrayBuffer>
  /** The bytes of the model's files, by their names. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
  /** The folder on disk that contains the models' folders; null in a browser. */
  readonly folder: string | null
  /** The URL of the peers' own files, with a slash at the end; null in Node, where a library finds its files itself. */
  readonly peers: string | null
}

/** A contender that is ready to be timed. It is never disposed of: its process or page ends. */
export interface Runner {
  /** The device that computes; null if the library does not tell. */
  readonly device: string | null
  /** One run: from the float32 input in memory to the float32 logits `[batch, classes]` in memory. */
  run(): Promise<Float32Array>
  /** Milliseconds by layer. Only this project's backends have it. */
  profile?(): Promise<readonly LayerTime[]>
}

/** A way to run MobileNetV2. Its module is imported before the clock starts; `prepare` is part of the cold start. */
export interface Contender {
  /** Makes a model that can run from the bytes of the model's files. */
  prepare(task: Task): Promise<Runner>
}

/**
 * The bytes of one of the model's files.
 * @throws Error if the task has no file of this name
 */
export function fileOf({ files }: Task, name: string): Uint8Array<ArrayBuffer> {
  const bytes = files.get(name)
  if (bytes === undefined) throw new Error(`the task has no file ${name}; it has ${[...files.keys()].join(', ') || 'none'}`)
  return bytes
}
