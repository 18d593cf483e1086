import { type Classes, readsAsSoftmax } from '@mobilenetv2/weights'

/** One class that a picture may show. */
export interface Answer {
  /** The index of the class, from 0. A background class is not counted. */
  readonly index: number
  /** The name of the class; if the model has no labels, `class` and the index. */
  readonly label: string
  /** 0 to 1. Softmax over all classes, a background class included; if the output is read as `sigmoid`, of each class by itself. */
  readonly probability: number
}

/** The index among the logits of a class whose `index` does not count a background class. */
export function logitOf(index: number, { background }: Pick<Classes, 'background'>): number {
  return background !== null && index >= background ? index + 1 : index
}

/**
 * Turns logits `[classes]` into probabilities `[classes]`, 0 to 1, that add up to 1. The largest logit is subtracted first, so that no
 * exponential overflows.
 * @example
 * ```ts
 * import { load, softmax } from 'mobilenetv2'
 *
 * const model = await load()
 * const { logits } = await model.classify('cat.jpg', { detailed: true })
 * const probabilities = softmax(logits)
 * ```
 */
export function softmax(logits: Float32Array): Float32Array {
  let largest = Number.NEGATIVE_INFINITY
  for (const logit of logits) largest = Math.max(largest, logit)
  const exponentials = logits.map((logit) => Math.exp(logit - largest))
  let total = 0
  for (const value of exponentials) total += value
  return exponentials.map((value) => value / total)
}

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))

/**
 * The `top` most probable classes for one picture's logits `[classes]`, best first. Classes of equal logits are in the order of their
 * indices. A background class is never an answer.
 * @param top how many answers: 1 or more
 * @example
 * ```ts
 * import { load, topAnswers } from 'mobilenetv2'
 *
 * const model = await load()
 * const { logits } = await model.classify('cat.jpg', { detailed: true })
 * const answers = topAnswers(logits, model.network.classes, 10)
 * ```
 */
export function topAnswers(logits: Float32Array, classes: Classes, top: number): Answer[] {
  const { labels, background, output } = classes
  const bySoftmax = readsAsSoftmax(output, logits.length)
  const [single] = logits
  // A single output with two labels speaks for the second, and against the first.
  const values = !bySoftmax && logits.length === 1 && labels.length === 2 ? Float32Array.of(-single!, single!) : logits
  const probabilities = bySoftmax ? softmax(values) : values.map(sigmoid)
  /**
   * Indices of the best logits so far, best first. Most logits are below the last of them, so inserting is rare. The probabilities of large
   * logits cannot be compared, because they are rounded to the same number.
   */
  const best: number[] = []
  for (let logit = 0; logit < values.length; logit++) {
    if (logit === background) continue
    let place = best.length
    while (place > 0 && values[best[place - 1]!]! < values[logit]!) place--
    if (place === top) continue
    best.splice(place, 0, logit)
    if (best.length > top) best.pop()
  }
  return best.map((logit) => {
    const index = background !== null && logit > background ? logit - 1 : logit
    return { index, label: labels[index] ?? `class ${index}`, probability: probabilities[logit]! }
  })
}
