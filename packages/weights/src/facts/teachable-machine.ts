import { type Description, shorterSide, silent, sizeOf } from './description.js'
import { factsFrom } from './facts.js'
import { memberOf, numberOf, type PlainRecord } from './plain.js'
import { recipes } from './recipes.js'

const { interpolation, mean, deviation } = recipes.teachableMachine

/** Whether an object is the `metadata.json` of a picture model of Teachable Machine. */
export function isTeachableMetadata(record: PlainRecord): boolean {
  return memberOf(record, 'packageName') === '@teachablemachine/image'
}

/** The facts in a `metadata.json`, except labels, which are found elsewhere. */
export function describeTeachable(record: PlainRecord, reason: string): Description {
  const side = numberOf(memberOf(record, 'imageSize'))
  return {
    ...silent,
    facts: factsFrom({ interpolation, mean, deviation }, reason),
    size: sizeOf(side, side),
    geometry: (size) => shorterSide(Math.max(size.height, size.width), size, 'nearest'),
  }
}
