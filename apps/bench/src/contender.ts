import type { Architecture, Parameters } from '@mobilenetv2/spec'

/** The network and the picture that every contender gets: the same weights, the same pixels. */
export interface Task {
  readonly architecture: Architecture
  readonly parameters: Parameters
  /** float32 `[1, height, width, 3]`. */
  readonly input: Float32Array
}

/** A contender that is ready to be timed. */
export interface Runner {
  /** One whole run, from the prepared input to the logits `[classes]`. */
  run(): Promise<Float32Array>
  dispose(): Promise<void>
}

/** Something that runs MobileNetV2. */
export interface Contender {
  readonly name: string
  prepare(task: Task): Promise<Runner>
}
