import { type Classes, readsAsSoftmax } from '@mobilenetv2/weights'

/** One class that a picture may show. */
export interface Answer {
  /** From 0, in the order of the model's classes without a background class. */
  readonly index: number
  readonly label: string
  /** 0 to 1. Softmax over all classes, a background class included; or each class by itself, if the output is read as `sigmoid`. */
  readonly probability: number
}

/** The index, among the logits, of a class that is counted without a background class. */
export function logitOf(index: number, { background }: Pick<Classes, 'background'>): number {
  return background !== null && index >= background ? index + 1 : index
}

/** Turns logits `[classes]` into probabilities that add up to 1. */
export function softmax(logits: Float32Array): Float32Array {
  let largest = Number.NEGATIVE_INFINITY
  for (const logit of logits) largest = Math.max(largest, logit)
  const exponentials = logits.map((logit) => Math.exp(logit - largest))
  let total = 0
  for (const value of exponentials) total += value
  return exponentials.map((value) => value / total)
}

/** The probability of each class; of a single output with two labels, of both of them. */
function probabilitiesOf(logits: Float32Array, { output, labels }: Classes): Float32Array {
  if (readsAsSoftmax(output, logits.length)) return softmax(logits)
  const each = logits.map((logit) => 1 / (1 + Math.exp(-logit)))
  const [positive] = each
  return each.length === 1 && labels.length === 2 ? Float32Array.of(1 - positive!, positive!) : each
}

/** The `top` most probable classes of one picture's logits `[classes]`, best first; equal ones in class order. */
export function topAnswers(logits: Float32Array, classes: Classes, top: number): Answer[] {
  const { labels, background } = classes
  const probabilities = probabilitiesOf(logits, classes)
  /** Numbers of the best logits so far, best first. Most logits are below the last of them. */
  const best: number[] = []
  for (let logit = 0; logit < probabilities.length; logit++) {
    if (logit === background) continue
    let place = best.length
    while (place > 0 && probabilities[best[place - 1]!]! < probabilities[logit]!) place--
    if (place === top) continue
    best.splice(place, 0, logit)
    if (best.length > top) best.pop()
  }
  return best.map((logit) => {
    const index = background !== null && logit > background ? logit - 1 : logit
    return { index, label: labels[index] ?? `class ${index}`, probability: probabilities[logit]! }
  })
}
