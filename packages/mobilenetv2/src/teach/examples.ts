import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { FeatureSet } from '@mobilenetv2/teach'
import type { LabelledPicture, OpenedPictures } from '../labelled-pictures.js'
import type { Model } from '../model.js'
import { isOfPicture, noneCanBeRead, type SkippedPicture } from '../skipped-pictures.js'
import type { TeachOptions } from './options.js'

/** What a network makes of labelled pictures, and the pictures. */
export interface Examples {
  readonly features: FeatureSet
  /** Those that could be read, in the order of the features. */
  readonly pictures: readonly LabelledPicture[]
  readonly skipped: readonly SkippedPicture[]
  /** What was left out before a picture was opened, a sentence each. */
  readonly leftOut: readonly string[]
}

function unknownLabel(label: string, classNames: readonly string[]): MobileNetV2Error {
  return new MobileNetV2Error('INPUT', 'The pictures to validate with have a class that the others do not have.', {
    expected: classNames.slice(0, 10).join(', '),
    got: label,
  })
}

/**
 * Embeds labelled pictures. A picture that cannot be read costs only itself.
 * @param classNames of the examples that these belong to; unless given, the labels in the order in which they come
 * @throws MobileNetV2Error `IMAGE` if no picture can be read; `INPUT` if a label is no class name
 */
export async function embedExamples(
  model: Model,
  { pictures, leftOut }: OpenedPictures,
  { signal, background, decode }: TeachOptions,
  onPicture: () => void,
  classNames: readonly string[] = [...new Set(pictures.map(({ label }) => label))],
): Promise<Examples> {
  const indices = new Map(classNames.map((name, index) => [name, index]))
  const strange = pictures.find(({ label }) => !indices.has(label))
  if (strange !== undefined) throw unknownLabel(strange.label, classNames)
  const rows: Float32Array[] = []
  const read: LabelledPicture[] = []
  const skipped: SkippedPicture[] = []
  let next = 0
  const sources = pictures.map(({ picture }) => picture)
  for await (const outcome of model.embedBatch(sources, { signal, background, decode })) {
    const labelled = pictures[next++]!
    if (!('error' in outcome)) {
      rows.push(outcome.features)
      read.push(labelled)
    } else if (isOfPicture(outcome.error)) skipped.push({ ...labelled, error: outcome.error })
    else throw outcome.error
    onPicture()
  }
  if (rows.length === 0) throw noneCanBeRead(skipped)
  const length = rows[0]!.length
  const features = new Float32Array(rows.length * length)
  for (const [picture, row] of rows.entries()) features.set(row, picture * length)
  const labels = read.map(({ label }) => indices.get(label)!)
  return { features: { classNames, labels, length, features }, pictures: read, skipped, leftOut }
}

/** Some of the examples; what was skipped stays with all of them. */
export function someOf(
  { features: { classNames, labels, length, features }, pictures, skipped, leftOut }: Examples,
  chosen: ArrayLike<number>,
): Examples {
  const indices = Array.from(chosen)
  const some = new Float32Array(indices.length * length)
  for (const [row, picture] of indices.entries())
    some.set(features.subarray(picture * length, (picture + 1) * length), row * length)
  return {
    features: { classNames, labels: indices.map((picture) => labels[picture]!), length, features: some },
    pictures: indices.map((picture) => pictures[picture]!),
    skipped,
    leftOut,
  }
}
