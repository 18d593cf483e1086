import type { Preprocessing } from '@mobilenetv2/spec'
import type { AtOnceAnswer } from './jobs.js'

/** One network in the files that the classifiers read. */
export interface PipelineModel {
  /** What the files were made from: a checkpoint, or the id of a published model. */
  readonly source: string
  readonly safetensors: string
  readonly onnx: string
  /** The `model.json` of a graph model. */
  readonly tfjs: string
  /** The folder of a model as transformers.js reads it. */
  readonly transformers: string
  readonly height: number
  readonly width: number
  readonly mean: Preprocessing['mean']
  readonly deviation: Preprocessing['deviation']
}

/** What a classifier says of a picture. */
export interface Answer {
  /** Of the likeliest output. */
  readonly index: number
  /** From the picture's file to the answer, by the clock of the process that did it. */
  readonly milliseconds: number
}

/** Goes the whole way from a picture's file to its answer, on one thread of its own and those that decode. */
export interface Classifier {
  readonly device: string
  classify(file: string): Promise<Answer>
}

/** All photos on all processors. */
export interface Crowd {
  readonly model: PipelineModel
  readonly photos: readonly string[]
  readonly workers: number
}

/** A way from a photo to its answer. */
export interface Way {
  /** @throws Error if what it needs is not installed, or not in this engine */
  open(model: PipelineModel): Promise<Classifier>
  /** All photos at once, where that is something else than worker threads of Node. */
  atOnce?(crowd: Crowd): Promise<AtOnceAnswer>
  /** What a reader of its figures must know. */
  readonly note?: string
}

/** How many photos each classifier takes before those that count: engines optimise code only after it has run often. */
export const warmUp = 20

/** A classifier in this very process. */
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
