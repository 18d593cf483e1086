import type { Pause } from '@mobilenetv2/runtime'
import { classSizes, type FeatureSet } from './feature-set.js'
import type { Split } from './splits.js'

/**
 * Something that makes a head or its validation worse.
 * - `unequal-classes`: the `largest` class has at least five times as many pictures as the `smallest`, and the classes have no weights.
 * - `few-pictures`: these `classes` have fewer than 3 pictures.
 * - `duplicates`: pictures judged a head that had learned from the same picture. Each of the `pairs` has the index of the picture that was
 *   `held` out, and that of the `training` picture with equal features.
 * - `not-validated`: no pictures were held out.
 */
export type TeachWarning = {
  /** What is wrong and what to do, for users. */
  readonly message: string
} & (
  | { readonly kind: 'unequal-classes'; readonly smallest: ClassSize; readonly largest: ClassSize }
  | { readonly kind: 'few-pictures'; readonly classes: readonly ClassSize[] }
  | { readonly kind: 'duplicates'; readonly pairs: readonly { readonly held: number; readonly training: number }[] }
  | { readonly kind: 'not-validated' }
)

/** The `name` of a class, and its number of `pictures`. */
export interface ClassSize {
  readonly name: string
  readonly pictures: number
}

/** A warning is due if the largest class has this many times the pictures of the smallest. */
const farApart = 5

/** A class with fewer pictures is worth a warning. */
const enough = 3

const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ')

const counted = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`

/**
 * The warnings about the sizes of classes.
 * @param weighted whether the classes have weights, so that unequal sizes need no warning
 */
export function warnOfClasses(examples: FeatureSet, weighted: boolean): TeachWarning[] {
  const sizes = classSizes(examples)
    .map((pictures, index) => ({ name: examples.classNames[index]!, pictures }))
    .toSorted((one, other) => one.pictures - other.pictures)
  const [smallest, largest] = [sizes[0]!, sizes.at(-1)!]
  const few = sizes.filter(({ pictures }) => pictures < enough)
  const warnings: TeachWarning[] = []
  if (!weighted && largest.pictures >= farApart * smallest.pictures) {
    const [one, other] = [largest, smallest].map(({ name, pictures }) => `${quoted([name])} has ${counted(pictures, 'picture')}`)
    const message = `${one}, ${other}: the head will say the larger class too often. Add pictures, or let all classes count alike (balanced class weights).`
    warnings.push({ kind: 'unequal-classes', smallest, largest, message })
  }
  if (few.length > 0) {
    const names = quoted(few.map(({ name }) => name))
    const message = `Fewer than ${enough} pictures show ${counted(few.length, 'class', 'classes')}: ${names}. Add pictures.`
    warnings.push({ kind: 'few-pictures', classes: few, message })
  }
  return warnings
}

/** Examples and the norms of their features. Different pictures hardly ever have the same norm. */
export interface Measured {
  readonly examples: FeatureSet
  readonly norms: Float64Array
}

/**
 * The warning about pictures that judged a head although it had learned from a picture with equal features.
 * @param splits their `training` are pictures of `known`, and their `held` are pictures of `judged`
 */
export async function warnOfDuplicates(
  known: Measured,
  judged: Measured,
  splits: readonly Split[],
  pause: Pause,
): Promise<TeachWarning[]> {
  const rowOf = ({ examples: { features, length } }: Measured, picture: number): Float32Array =>
    features.subarray(picture * length, (picture + 1) * length)
  const isEqual = (picture: number, other: number): boolean => {
    const own = rowOf(judged, picture)
    return rowOf(known, other).every((value, at) => value === own[at])
  }
  const ofNorm = new Map<number, number[]>()
  known.norms.forEach((norm, picture) => {
    const others = ofNorm.get(norm)
    if (others === undefined) ofNorm.set(norm, [picture])
    else others.push(picture)
  })
  const pairs: { held: number; training: number }[] = []
  for (const { training, held } of splits) {
    await pause()
    const learned = new Set(training)
    await pause()
    for (const picture of held) {
      const twin = ofNorm.get(judged.norms[picture]!)?.find((other) => learned.has(other) && isEqual(picture, other))
      if (twin !== undefined) pairs.push({ held: picture, training: twin })
    }
  }
  if (pairs.length === 0) return []
  const those =
    pairs.length === 1 ? '1 picture by which the head was judged is' : `${pairs.length} pictures by which the head was judged are`
  return [
    {
      kind: 'duplicates',
      pairs,
      message: `${those} also among those that it learned from. Remove duplicates: the head looks better than it is.`,
    },
  ]
}

/** The warning if no pictures were held out. */
export const notValidated: TeachWarning = {
  kind: 'not-validated',
  message: 'No pictures were held out, so nothing is known about how the head does on pictures that it did not learn from.',
}
