// This file is imported lazily, because most programs do not teach.
import { type Backend, MobileNetV2Error, refuseOption } from '@mobilenetv2/spec'
import { type FeatureSet, holdOut, trainHead } from '@mobilenetv2/teach'
import { type Network, withHead } from '@mobilenetv2/weights'
import { writeFiles } from '#files'
import { type LabelledPictures, openLabelledPictures } from '../labelled-pictures.js'
import { compile, type Model } from '../model.js'
import { formatOfPath, networkFiles } from '../network-files.js'
import type { SkippedPicture } from '../skipped-pictures.js'
import { type Examples, embedExamples, someOf } from './examples.js'
import { checkTeachOptions, type TeachOptions } from './options.js'
import { storedReport, type TeachReport } from './report.js'

/** A model of one's own classes. */
export interface Taught {
  /** It runs on the backend of the model that was taught. The caller disposes of it. */
  readonly model: Model
  readonly report: TeachReport
  /** The pictures that could not be read, with their errors. */
  readonly skipped: readonly SkippedPicture[]
  /**
   * Writes the network to a file, in Node: .safetensors, .onnx, .tflite, or .json for TensorFlow.js. Labels, preprocessing and the report
   * are in it.
   * @throws MobileNetV2Error `OPTION` if the extension is another; `SOURCE` if the file cannot be written
   */
  save(path: string): Promise<void>
}

/** The pictures to validate with, if they are given as such. */
function ownPictures({ validation }: TeachOptions): LabelledPictures | null {
  return validation === undefined || validation === 'auto' || typeof validation === 'number' ? null : validation
}

/** Class weights in the order of the classes. */
function weightsOf({ classNames }: FeatureSet, { classWeights }: TeachOptions): 'balanced' | readonly number[] | undefined {
  if (typeof classWeights !== 'object' || classWeights === null) return classWeights
  for (const [label, weight] of Object.entries(classWeights)) {
    if (!classNames.includes(label))
      refuseOption(`classWeights.${label}`, weight, `weights of ${classNames.slice(0, 10).join(', ')}`)
  }
  return classNames.map((label) => classWeights[label] ?? 1)
}

/** Pictures to learn from, and those that a fine-tuning is judged by. */
interface Lesson {
  readonly training: Examples
  readonly held: Examples | null
}

/** The share of each class that a fine-tuning is judged by, unless given. */
const usualShare = 0.2

/** Sets pictures aside if all layers may learn from the others: a head that has seen them all could not be judged by some of them later. */
function splitForFineTuning(all: Examples, { validation = 'auto', seed = 0 }: TeachOptions): Lesson {
  const { labels, classNames } = all.features
  const share = typeof validation === 'number' ? validation : usualShare
  const { training, held } = holdOut(labels, classNames.length, share, seed)
  return held.length === 0 ? { training: all, held: null } : { training: someOf(all, training), held: someOf(all, held) }
}

async function readLesson(model: Model, pictures: LabelledPictures, options: TeachOptions): Promise<Lesson> {
  const { labels, fineTune, onProgress } = options
  const own = ownPictures(options)
  const opened = await openLabelledPictures(pictures, labels)
  const openedOwn = own === null ? null : await openLabelledPictures(own)
  const total = opened.pictures.length + (openedOwn?.pictures.length ?? 0)
  let done = 0
  const onPicture = (): void => onProgress?.({ stage: 'reading', done: ++done, total })
  const all = await embedExamples(model, opened, options, onPicture)
  if (openedOwn !== null) {
    return { training: all, held: await embedExamples(model, openedOwn, options, onPicture, all.features.classNames) }
  }
  return fineTune === undefined ? { training: all, held: null } : splitForFineTuning(all, options)
}

/** What the head is judged by. */
function validationOf({ held }: Lesson, { validation, fineTune }: TeachOptions): 'auto' | number | FeatureSet | undefined {
  if (held !== null) return held.features
  if (fineTune !== undefined) return 0
  return typeof validation === 'number' || validation === 'auto' ? validation : undefined
}

/** A network has a head of floats after it was taught, so its features have to be those of its floats too. */
function refuseIntegers({ device }: Model): void {
  if (!/\bint8\b/.test(device)) return
  throw new MobileNetV2Error('OPTION', 'A model that computes in integers cannot be taught.', {
    where: device,
    expected: "the precision 'float32'",
    remedy: 'Load the model in float32. `quantize` makes integers of the network that was taught.',
  })
}

/**
 * Teaches a network classes of one's own.
 * @throws MobileNetV2Error as `Model.teach`
 */
export async function teach(model: Model, backend: Backend, pictures: LabelledPictures, options: TeachOptions): Promise<Taught> {
  checkTeachOptions(options)
  refuseIntegers(model)
  const { fineTune, seed, signal, onProgress } = options
  const { network: base } = model
  const lesson = await readLesson(model, pictures, options)
  const { training, held } = lesson
  const { classNames, labels } = training.features
  const head = await trainHead(training.features, {
    validation: validationOf(lesson, options),
    classWeights: weightsOf(training.features, options),
    seed,
    signal,
    onProgress: ({ done, total }) => onProgress?.({ stage: 'head', done, total }),
  })
  const { kernel, bias } = head
  const withOwnHead = withHead(base, { kernel, bias, labels: classNames })
  const tuned =
    fineTune === undefined
      ? { network: withOwnHead, fineTuning: null }
      : await (await import('./fine-tune.js')).fineTuneNetwork(withOwnHead, training, held, options)
  const report: TeachReport = {
    classes: classNames.map((label, index) => ({ label, pictures: labels.filter((own) => own === index).length })),
    training: head.training,
    validation: head.validation,
    fineTuning: tuned.fineTuning,
    warnings: head.warnings,
    leftOut: [...training.leftOut, ...(held === null || ownPictures(options) === null ? [] : held.leftOut)],
  }
  const network: Network = { ...tuned.network, report: storedReport(report) }
  signal?.throwIfAborted()
  return {
    model: await compile(network, { backend }),
    report,
    skipped: [...training.skipped, ...(held === null || ownPictures(options) === null ? [] : held.skipped)],
    async save(path) {
      await writeFiles(networkFiles(network, path, formatOfPath(path)))
    },
  }
}
