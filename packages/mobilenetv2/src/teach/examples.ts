import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { FeatureSet } from '@mobilenetv2/teach'
import type { LabelledPicture } from '../labelled-pictures.js'
import type { Model } from '../model.js'
import { isOfPicture, noneCanBeRead, type SkippedPicture } from '../skipped-pictures.js'
import type { TeachOptions } from './options.js'

/** Labelled pictures and their features, in the same order. */
export interface Examples {
  readonly features: FeatureSet
  readonly pictures: readonly LabelledPicture[]
}

/** The error for a class of which no picture can be read. */
function nothingOfClass(label: string, skipped: readonly SkippedPicture[]): MobileNetV2Error {
  const { details } = noneCanBeRead(skipped.filter((each) => each.label === label))
  return new MobileNetV2Error('IMAGE', 'None of the pictures of a class can be read.', {
    ...details,
    where: `class ${label}${details.where === undefined ? '' : `, ${details.where}`}`,
  })
}

/**
 * Embeds labelled pictures. A picture that cannot be read is listed in `skipped`.
 * @param classNames the labels, in the order of the classes
 * @param isWhole whether each class must have a picture that can be read
 * @throws MobileNetV2Error `IMAGE` if no picture can be read, or none of a class
 */
export async function embedExamples(
  model: Model,
  pictures: readonly LabelledPicture[],
  classNames: readonly string[],
  { signal, background, decode }: TeachOptions,
  onPicture: () => void,
  isWhole: boolean,
): Promise<Examples & { readonly skipped: readonly SkippedPicture[] }> {
  let features = new Float32Array()
  let length = 0
  const read: LabelledPicture[] = []
  const skipped: SkippedPicture[] = []
  let next = 0
  const sources = pictures.map(({ picture }) => picture)
  for await (const outcome of model.embedBatch(sources, { signal, background, decode })) {
    const labelled = pictures[next++]!
    if (!('error' in outcome)) {
      if (read.length === 0) {
        length = outcome.features.length
        features = new Float32Array(length * pictures.length)
      }
      features.set(outcome.features, length * read.length)
      read.push(labelled)
    } else if (isOfPicture(outcome.error)) skipped.push({ ...labelled, error: outcome.error })
    else throw outcome.error
    onPicture()
  }
  if (read.length === 0) throw noneCanBeRead(skipped)
  const indices = new Map(classNames.map((name, index) => [name, index]))
  const labels = read.map(({ label }) => indices.get(label)!)
  const known = new Set(labels)
  const missing = classNames.find((_, index) => !known.has(index))
  if (isWhole && missing !== undefined) throw nothingOfClass(missing, skipped)
  return {
    features: { classNames, labels, length, features: features.subarray(0, length * read.length) },
    pictures: read,
    skipped,
  }
}

/** The examples with the indices `chosen`. */
export function someOf({ features: { classNames, labels, length, features }, pictures }: Examples, chosen: Uint32Array): Examples {
  const some = new Float32Array(chosen.length * length)
  for (const [row, picture] of chosen.entries()) {
    some.set(features.subarray(picture * length, (picture + 1) * length), row * length)
  }
  return {
    features: { classNames, labels: Array.from(chosen, (picture) => labels[picture]!), length, features: some },
    pictures: Array.from(chosen, (picture) => pictures[picture]!),
  }
}
