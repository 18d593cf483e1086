import type { FeatureSet, TrainedHead } from '@mobilenetv2/teach'
import { classifierOf, toSafetensors, withHead } from '@mobilenetv2/weights'
import { type Answer, type Network, topAnswers } from 'mobilenetv2'

/** What a training came to, as the page shows it. */
export interface Learned extends Pick<TrainedHead, 'training' | 'validation' | 'warnings'> {
  readonly milliseconds: number
}

/** Trains a head for a network; the code for it is downloaded when it is first needed. */
export async function trainOn(network: Network, lesson: FeatureSet): Promise<{ head: TrainedHead; learned: Learned }> {
  const { trainHead } = await import('@mobilenetv2/teach')
  const start = performance.now()
  const head = await trainHead(lesson, { classifier: classifierOf(network) ?? undefined })
  const { training, validation, warnings } = head
  return { head, learned: { training, validation, warnings, milliseconds: performance.now() - start } }
}

/** The head's answers to one picture's features, best first. */
export function answerWith({ classNames, kernel, bias }: TrainedHead, features: Float32Array): Answer[] {
  const logits = bias.map((start, label) =>
    features.reduce((sum, value, place) => sum + value * kernel[place * bias.length + label]!, start),
  )
  const classes = { labels: classNames, background: null, output: 'softmax', outputReason: 'it was trained so' } as const
  return topAnswers(logits, classes, classNames.length)
}

/** The backbone with the head as one safetensors file, its kernels at half precision, which holds its class names too. */
export function saveHead(network: Network, { classNames, kernel, bias }: TrainedHead): Uint8Array<ArrayBuffer> {
  return toSafetensors(withHead(network, { labels: classNames, kernel, bias }), { dtype: 'F16' })
}
