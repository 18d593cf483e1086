import { MobileNetV2Error, refuseOption } from '@mobilenetv2/spec'
import { holdOut } from '@mobilenetv2/teach'
import { type LabelledPictures, type OpenedPictures, openLabelledPictures } from '../labelled-pictures.js'
import type { Model } from '../model.js'
import type { SkippedPicture } from '../skipped-pictures.js'
import { type Examples, embedExamples, someOf } from './examples.js'
import type { TeachOptions } from './options.js'

/** The pictures that a teaching is given, before they are read. */
export interface OpenedLesson {
  readonly classNames: readonly string[]
  readonly given: OpenedPictures
  /** Pictures to be judged by, if they are given as such. */
  readonly own: OpenedPictures | null
}

/** Pictures to learn from, and those that the network is judged by. */
export interface Lesson {
  readonly training: Examples
  /** Null if the head chooses some by itself, or if there are none. */
  readonly held: Examples | null
  readonly skipped: readonly SkippedPicture[]
}

/** The pictures to validate with, if they are given as such. */
function ownPictures({ validation }: TeachOptions): LabelledPictures | null {
  return validation === undefined || validation === 'auto' || typeof validation === 'number' ? null : validation
}

const listed = (names: readonly string[]): string => `${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`

/**
 * Opens the lists of pictures, and checks the labels. No picture is read.
 * @throws MobileNetV2Error `INPUT` if there are fewer than two classes, or a picture to validate with is of another class; `OPTION` if a
 * weight is of no class; as `openLabelledPictures`
 */
export async function openLesson(pictures: LabelledPictures, options: TeachOptions): Promise<OpenedLesson> {
  const { labels, classWeights, signal } = options
  const given = await openLabelledPictures(pictures, labels, { signal })
  const classNames = [...new Set(given.pictures.map(({ label }) => label))]
  if (classNames.length < 2) {
    throw new MobileNetV2Error('INPUT', 'There is one class, so there is nothing to tell apart.', {
      expected: 'two classes or more',
      got: listed(classNames),
      remedy: 'Add a class of other pictures, such as "something else".',
    })
  }
  if (typeof classWeights === 'object') {
    const strange = Object.keys(classWeights).find((label) => !classNames.includes(label))
    if (strange !== undefined) refuseOption('classWeights', strange, `labels of the pictures: ${listed(classNames)}`)
  }
  const wanted = ownPictures(options)
  const own = wanted === null ? null : await openLabelledPictures(wanted, undefined, { name: 'validation', signal })
  const strange = own?.pictures.find(({ label }) => !classNames.includes(label))
  if (strange !== undefined) {
    throw new MobileNetV2Error('INPUT', 'The pictures to validate with have a class that the others do not have.', {
      expected: listed(classNames),
      got: strange.label,
    })
  }
  return { classNames, given, own }
}

/** The share of each class that a fine-tuning is judged by, unless given. */
const usualShare = 0.2

/** Sets pictures aside for a fine-tuning. A head that has seen them all could not be judged by some of them later. */
function splitForFineTuning(all: Examples, { validation = 'auto', seed = 0 }: TeachOptions): Omit<Lesson, 'skipped'> {
  const { labels, classNames } = all.features
  const share = typeof validation === 'number' ? validation : usualShare
  const { training, held } = holdOut(labels, classNames.length, share, seed)
  return held.length === 0 ? { training: all, held: null } : { training: someOf(all, training), held: someOf(all, held) }
}

/** Reads and embeds the pictures of a lesson. */
export async function readLesson(model: Model, { classNames, given, own }: OpenedLesson, options: TeachOptions): Promise<Lesson> {
  const total = given.pictures.length + (own?.pictures.length ?? 0)
  let done = 0
  const onPicture = (): void => options.onProgress?.({ stage: 'reading', done: ++done, total })
  const { skipped, ...all } = await embedExamples(model, given.pictures, classNames, options, onPicture, true)
  if (own !== null) {
    const { skipped: others, ...held } = await embedExamples(model, own.pictures, classNames, options, onPicture, false)
    return { training: all, held, skipped: [...skipped, ...others] }
  }
  return options.fineTune === undefined ? { training: all, held: null, skipped } : { ...splitForFineTuning(all, options), skipped }
}
