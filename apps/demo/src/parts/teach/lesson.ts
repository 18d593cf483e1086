import type { FeatureSet } from '@mobilenetv2/teach'
import { ask } from '../../engine/client.js'
import type { Opened } from '../../engine/operations.js'

/** A picture to learn from. */
export interface Sample {
  readonly file: Blob
  /** For an `img`. */
  readonly url: string
}

/** A class that the user has named, and its pictures. */
export interface TaughtClass {
  readonly key: number
  readonly name: string
  readonly samples: readonly Sample[]
}

/** Features of a picture by the backbone that made them: those of another are of no use. */
const known = new WeakMap<Blob, { readonly by: Opened; readonly features: Promise<Float32Array> }>()

/** The backbone's features of a picture, computed once. */
export function featuresOf(file: Blob, by: Opened): Promise<Float32Array> {
  const found = known.get(file)
  if (found?.by.network === by.network) return found.features
  const features = ask('embed', [file])
  known.set(file, { by, features })
  return features
}

/** All that a head is trained on. */
export async function lessonOf(classes: readonly TaughtClass[], by: Opened): Promise<FeatureSet> {
  const labels = classes.flatMap(({ samples }, index) => samples.map(() => index))
  const rows = await Promise.all(classes.flatMap(({ samples }) => samples.map(({ file }) => featuresOf(file, by))))
  const length = rows[0]?.length ?? 0
  const features = new Float32Array(length * rows.length)
  rows.forEach((row, index) => {
    features.set(row, index * length)
  })
  return { classNames: classes.map(({ name }) => name), labels, length, features }
}

/** What is in the way of a training; null where nothing is. */
export function objection(classes: readonly TaughtClass[]): string | null {
  const names = classes.map(({ name }) => name.trim())
  if (names.some((name) => name === '')) return 'Give every class a name.'
  if (new Set(names).size < names.length) return 'Two classes have the same name.'
  const empty = classes.find(({ samples }) => samples.length < 2)
  return empty === undefined ? null : `${empty.name} needs two pictures or more.`
}
