import type { Classes } from './classes.js'

/** One class that a picture may show. */
export interface Answer {
  /** From 0, in the order of the model's classes without a background class. */
  readonly index: number
  readonly label: string
  /** 0 to 1, the softmax over all classes, a background class included. */
  readonly probability: number
}

function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const exponentials = logits.map((logit) => Math.exp(logit - largest))
  const total = exponentials.reduce((a, b) => a + b, 0)
  return exponentials.map((value) => value / total)
}

/** The `top` most probable classes of one picture's logits `[classes]`, best first; equal ones in class order. */
export function topAnswers(logits: Float32Array, { labels, background }: Classes, top: number): Answer[] {
  const answers = Array.from(softmax(logits), (probability, logit) => ({ probability, logit }))
    .filter(({ logit }) => logit !== background)
    .map(({ probability }, index) => ({ index, label: labels[index] ?? `class ${index}`, probability }))
  return answers.sort((a, b) => b.probability - a.probability || a.index - b.index).slice(0, top)
}
