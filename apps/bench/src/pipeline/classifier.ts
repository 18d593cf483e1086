import type { Preprocessing } from '@mobilenetv2/spec'
import type { AtOnceAnswer } from './jobs.js'

/** One network, in the files that the classifiers read. */
export interface PipelineModel {
  /** The source of the files: a checkpoint, or the id of a published model. */
  readonly source: string
  readonly safetensors: string
  readonly onnx: string
  /** The `model.json` of a graph model. */
  readonly tfjs: string
  /** The folder that transformers.js reads. */
  readonly transformers: string
  readonly height: number
  readonly width: number
  readonly mean: Preprocessing['mean']
  readonly deviation: Preprocessing['deviation']
}

/** A classifier's answer for a photo. */
export interface Answer {
  /** The index of the most probable output. */
  readonly index: number
  /** The time from the photo's file to the answer, by the clock of the process that did it. */
  readonly milliseconds: number
}

/** Goes the whole way from a photo's file to its answer. The network runs on one thread; the decoder may use more. */
export interface Classifier {
  readonly device: string
  classify(file: string): Promise<Answer>
}

/** All photos, for a way that spreads them over the cores itself. */
export interface Crowd {
  readonly model: PipelineModel
  readonly photos: readonly string[]
  readonly workers: number
}

/** A way to get from a photo to its answer. */
export interface Way {
  /** @throws Error if a package that it needs is not installed, or if this version of Node cannot run it */
  open(model: PipelineModel): Promise<Classifier>
  /** Classifies all photos on all cores; only a way that does not use Node's worker threads has it. */
  atOnce?(crowd: Crowd): Promise<AtOnceAnswer>
  /** A remark that the table prints with its figures. */
  readonly note?: string
}

/** The photos that each classifier takes before those that count, because engines optimise code only after it has run often. */
export const warmUp = 20

/** A classifier in the calling process, with a clock around each answer. */
export function clocked(device: string, indexOf: (file: string) => Promise<number>): Classifier {
  return {
    device,
    async classify(file) {
      const start = performance.now()
      const index = await indexOf(file)
      return { index, milliseconds: performance.now() - start }
    },
  }
}

/** The index of the largest value. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index
  return best
}
