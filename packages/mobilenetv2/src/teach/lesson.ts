import { MobileNetV2Error, refuseOption } from '@mobilenetv2/spec'
import { holdOut } from '@mobilenetv2/teach'
import { type LabelledPictures, type OpenedPictures, openLabelledPictures } from '../labelled-pictures.js'
import type { Model } from '../model.js'
import type { SkippedPicture } from '../skipped-pictures.js'
import { type Examples, embedExamples, someOf } from './examples.js'
import type { TeachOptions } from './options.js'

/** The pictures to teach with, before they are read. */
export interface OpenedLesson {
  readonly classNames: readonly string[]
  readonly given: OpenedPictures
  /** The caller's own pictures for validation; null if the caller gave none. */
  readonly own: OpenedPictures | null
}

/** The pictures for training and for validation. */
export interface Lesson {
  readonly training: Examples
  /** The pictures for validation; null if `trainHead` sets some aside itself, or if there are none. */
  readonly held: Examples | null
  readonly skipped: readonly SkippedPicture[]
}

/** The caller's own pictures for validation; null if the caller gave none. */
function ownPictures({ validation }: TeachOptions): LabelledPictures | null {
  return validation === undefined || validation === 'auto' || typeof validation === 'number' ? null : validation
}

const listed = (names: readonly string[]): string => `${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`

/**
 * Opens the lists of pictures, and checks the labels. No picture is read.
 * @throws MobileNetV2Error `INPUT` if there are fewer than two classes, or a picture for validation has another class; `OPTION` if a class
 * weight belongs to no class; as `openLabelledPictures`
 */
export async function openLesson(pictures: LabelledPictures, options: TeachOptions): Promise<OpenedLesson> {
  const { labels, classWeights, signal } = options
  const given = await openLabelledPictures(pictures, labels, { signal })
  const classNames = [...new Set(given.pictures.map(({ label }) => label))]
  if (classNames.length < 2) {
    throw new MobileNetV2Error('INPUT', 'There is only one class, so there is nothing to tell apart.', {
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
    throw new MobileNetV2Error('INPUT', 'The pictures for validation have a class that the pictures for training do not have.', {
      expected: listed(classNames),
      got: strange.label,
    })
  }
  return { classNames, given, own }
}

/** The share of each class that is set aside to validate a fine-tuning, unless the option `validation` gives another share. */
const usualShare = 0.2

/** Sets pictures aside before the head is trained: pictures that the head learned from could not validate the fine-tuning later. */
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
