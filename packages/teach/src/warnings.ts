import type { Pause } from '@mobilenetv2/runtime'
import { classSizes, type FeatureSet } from './feature-set.js'
import type { Split } from './splits.js'

/** What makes a head or its validation worse, and is easily overlooked. */
export type TeachWarning = {
  /** In plain words. */
  readonly message: string
} & (
  | { readonly kind: 'unequal-classes'; readonly smallest: ClassSize; readonly largest: ClassSize }
  | { readonly kind: 'few-pictures'; readonly classes: readonly ClassSize[] }
  | {
      readonly kind: 'duplicates'
      /** Pictures that a head was judged by although it knew them: each with a picture of equal features that it learned from. */
      readonly pairs: readonly { readonly held: number; readonly training: number }[]
    }
  | { readonly kind: 'not-validated' }
)

/** Pictures of a class. */
export interface ClassSize {
  readonly name: string
  readonly pictures: number
}

/** How many times as many pictures the largest class has as the smallest, from which on it is worth a warning. */
const farApart = 5

/** With fewer pictures a class is hardly known. */
const enough = 3

const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ')

const counted = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`

/** @param weighted whether the classes have weights, which answer to unequal sizes */
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

/** Examples, and the lengths of their features, which hardly any two have in common. */
export interface Measured {
  readonly examples: FeatureSet
  readonly norms: Float64Array
}

/**
 * The pictures that a head was judged by although one of equal features was among those that it learned from.
 * @param splits `training` of them are pictures of `known`, `held` are pictures of `judged`
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

export const notValidated: TeachWarning = {
  kind: 'not-validated',
  message: 'No pictures were held out, so that nothing is known of the head on pictures that it did not learn from.',
}
