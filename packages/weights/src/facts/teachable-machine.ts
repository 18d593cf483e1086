import type { Checkpoint } from '../checkpoint.js'
import { type Description, shorterSide, silent, sizeOf } from './description.js'
import { type Facts, factsFrom, type InputSize } from './facts.js'
import { memberOf, numberOf, type PlainRecord } from './plain.js'
import { recipes } from './recipes.js'

const { geometry, interpolation, mean, deviation } = recipes.teachableMachine

/** The names of the two dense layers that every export of Teachable Machine has. */
const fingerprint = /(^|[/_.\s])dense_Dense[12]\b/

/** Whether Teachable Machine made the model: the names of its layers are in all of its exports. */
export function isTeachable({ graph, tensors }: Checkpoint): boolean {
  const isNamed = (name: string): boolean => fingerprint.test(name)
  return (graph?.operators.some(({ name }) => isNamed(name)) ?? false) || [...tensors.keys()].some(isNamed)
}

/** Teachable Machine's recipe for an input of this size. */
export function teachableFacts(size: InputSize): Facts {
  return factsFrom(
    { geometry: geometry(Math.max(size.height, size.width)), interpolation, mean, deviation },
    "Teachable Machine's recipe, as the names of its layers are in the file",
  )
}

/** Whether an object is the `metadata.json` of a picture model of Teachable Machine. */
export function isTeachableMetadata(record: PlainRecord): boolean {
  return memberOf(record, 'packageName') === '@teachablemachine/image'
}

/** What `metadata.json` says; labels are found apart. */
export function describeTeachable(record: PlainRecord, reason: string): Description {
  const side = numberOf(memberOf(record, 'imageSize'))
  return {
    ...silent,
    facts: factsFrom({ interpolation, mean, deviation }, reason),
    size: sizeOf(side, side),
    geometry: (size) => shorterSide(Math.max(size.height, size.width), size, 'nearest'),
  }
}
