import type { Parameters } from '@mobilenetv2/spec'
import type { ConfusionMatrix, Head, HeadProgress } from '@mobilenetv2/tfjs'
import { toSafetensors } from '@mobilenetv2/weights'
import type { Answer } from 'mobilenetv2'
import { describe, type Source } from './source.js'
import { setTfjs } from './tfjs-backends.js'

/** Examples to learn from: the class of each picture, and its features `[pictures, length]`. */
export interface Lesson {
  readonly classNames: readonly string[]
  readonly labels: readonly number[]
  readonly length: number
  readonly features: Float32Array
}

/** What a training came to, as the page shows it. */
export interface Learned {
  readonly classNames: readonly string[]
  readonly epoch: number
  readonly training: ConfusionMatrix
  readonly validation: ConfusionMatrix | null
  readonly milliseconds: number
}

/** Pictures a class of which some can be set aside. */
const enoughToJudge = 10

/** Trains a head on TensorFlow.js, which is downloaded when it is first needed. */
export async function trainOn(
  lesson: Lesson,
  onProgress: (progress: HeadProgress) => void,
): Promise<{ head: Head; learned: Learned }> {
  const { trainHead } = await import('@mobilenetv2/tfjs')
  await setTfjs('cpu')
  const start = performance.now()
  const counts = lesson.classNames.map((_, index) => lesson.labels.filter((label) => label === index).length)
  // One or two pictures set aside would judge by chance, and few pictures are all needed to learn from.
  const options = Math.min(...counts) < enoughToJudge ? { validation: 0, epochs: 60 } : { epochs: 150 }
  const head = await trainHead(lesson, { ...options, onProgress })
  const { classNames, epoch, training, validation } = head
  return { head, learned: { classNames, epoch, training, validation, milliseconds: performance.now() - start } }
}

/** The head's answers to one picture's features, best first. */
export function answerWith({ classNames, kernel, bias }: Head, features: Float32Array): Answer[] {
  const logits = Array.from(bias, (start, label) =>
    features.reduce((sum, value, place) => sum + value * kernel[place * bias.length + label]!, start),
  )
  const largest = Math.max(...logits)
  const exponentials = logits.map((logit) => Math.exp(logit - largest))
  const total = exponentials.reduce((a, b) => a + b, 0)
  return exponentials
    .map((value, index) => ({ index, label: classNames[index]!, probability: value / total }))
    .sort((a, b) => b.probability - a.probability)
}

/** The backbone with the head as one safetensors file, its kernels at half precision, which holds its class names too. */
export async function saveHead(source: Source, parameters: Parameters, head: Head): Promise<Uint8Array<ArrayBuffer>> {
  const { withHead } = await import('@mobilenetv2/tfjs')
  const { family, options, preprocessing } = await describe(source)
  const model = {
    family,
    options: { ...options, classes: head.classNames.length, headLayers: [] },
    preprocessing,
    backgroundClass: null,
    labels: head.classNames,
  }
  return toSafetensors(withHead(parameters, head), model, { dtype: 'F16' })
}
