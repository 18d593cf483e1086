import type { Checkpoint } from '../checkpoint.js'
import { type Facts, factsFrom, type InputSize } from './facts.js'
import { recipes } from './recipes.js'

const { geometry, interpolation, mean, deviation } = recipes.teachableMachine

/** The names of the two dense layers in every export of Teachable Machine. */
const fingerprint = /(^|[/_.\s])dense_Dense[12]\b/

/** Whether Teachable Machine made the model, which the names of its layers show. */
export function isTeachable({ graph, tensors }: Checkpoint): boolean {
  const isNamed = (name: string): boolean => fingerprint.test(name)
  return (graph?.operators.some(({ name }) => isNamed(name)) ?? false) || [...tensors.keys()].some(isNamed)
}

/** The preprocessing of Teachable Machine for an input of this size. */
export function teachableFacts(size: InputSize): Facts {
  return factsFrom(
    { geometry: geometry(Math.max(size.height, size.width)), interpolation, mean, deviation },
    "Teachable Machine's recipe, as the names of its layers are in the file",
  )
}
