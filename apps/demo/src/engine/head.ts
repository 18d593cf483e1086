import type { ConfusionMatrix, Head, HeadProgress } from '@mobilenetv2/tfjs'
import { toSafetensors, withHead } from '@mobilenetv2/weights'
import { type Answer, type Network, topAnswers } from 'mobilenetv2'
import { registerTfjs } from './register-tfjs.js'

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
  await registerTfjs('cpu')
  const { ready, setBackend } = await import('@tensorflow/tfjs-core')
  await setBackend('cpu')
  await ready()
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
  const logits = bias.map((start, label) =>
    features.reduce((sum, value, place) => sum + value * kernel[place * bias.length + label]!, start),
  )
  const classes = { labels: classNames, background: null, output: 'softmax', outputReason: 'it was trained so' } as const
  return topAnswers(logits, classes, classNames.length)
}

/** The backbone with the head as one safetensors file, its kernels at half precision, which holds its class names too. */
export function saveHead(network: Network, { classNames, kernel, bias }: Head): Uint8Array<ArrayBuffer> {
  return toSafetensors(withHead(network, { labels: classNames, kernel, bias }), { dtype: 'F16' })
}
