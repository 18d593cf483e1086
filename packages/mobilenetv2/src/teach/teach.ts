// This file is imported lazily, because most programs do not teach.
import { type Backend, type Global, MobileNetV2Error, refuseOption } from '@mobilenetv2/spec'
import {
  balancedWeights,
  classSizes,
  type FeatureSet,
  notValidated,
  type TeachWarning,
  type TrainedHead,
  trainHead,
} from '@mobilenetv2/teach'
import { classifierOf, type Network, withHead } from '@mobilenetv2/weights'
import { saveNetwork } from '#files'
import type { CompileOptions } from '../backends.js'
import { firstAbort } from '../first-abort.js'
import type { LabelledPicture, LabelledPictures } from '../labelled-pictures.js'
import { compile, type Model } from '../model.js'
import type { SkippedPicture } from '../skipped-pictures.js'
import { type Lesson, type OpenedLesson, openLesson, readLesson } from './lesson.js'
import { checkTeachOptions, type TeachOptions } from './options.js'
import { storedReport, type TeachReport } from './report.js'

/** A model of your own classes, and how it was taught. */
export interface Taught {
  /** The new model. It runs on the backend of the model that was taught. The caller disposes of it. */
  readonly model: Model
  /** The figures of the teaching and its validation. */
  readonly report: TeachReport
  /** The pictures that could not be read, with their errors. */
  readonly skipped: readonly SkippedPicture[]
  /**
   * Writes the network to a file, in Node: .safetensors, .onnx, .tflite, or .json for TensorFlow.js. The file includes labels,
   * preprocessing and the report.
   * @throws MobileNetV2Error `OPTION` if the path has another extension; `SOURCE` if the file cannot be written, as always in a browser
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * const taught = await model.teach({ cat: ['cat-1.jpg', 'cat-2.jpg'], dog: ['dog-1.jpg', 'dog-2.jpg'] })
   * await taught.save('mine.tflite')
   * ```
   */
  save(path: string): Promise<void>
}

/** What `teach` needs of the model that is taught. */
export interface Teaching {
  readonly model: Model
  readonly backend: Backend
  readonly limit: Pick<CompileOptions, 'maxActivationBytes'>
  /** Aborted when the model is disposed of. */
  readonly life: Global<'AbortSignal'>
}

/** Refuses a model that computes in integers: the new head is float32, so its features must come from the float32 weights too. */
function refuseIntegers({ device }: Model): void {
  if (!/\bint8\b/.test(device)) return
  throw new MobileNetV2Error('OPTION', 'A model that computes in integers cannot be taught.', {
    where: device,
    expected: "the precision 'float32'",
    remedy: 'Load the model in float32, teach it, and quantize the new network.',
  })
}

/**
 * @throws MobileNetV2Error `OPTION` if the fine-tuning is to begin at a layer that does not exist; `BACKEND` if its packages are missing
 */
async function prepareFineTuning({ architecture }: Network, { fineTune }: TeachOptions): Promise<void> {
  if (fineTune === undefined) return
  const ids: readonly string[] = architecture.layers.map(({ id }) => id)
  if (typeof fineTune === 'string' && !ids.includes(fineTune)) {
    refuseOption('fineTune', fineTune, 'the id of a layer, such as block16.expand; `mobilenetv2 summary` lists them')
  }
  await (await import('./training-packages.js')).importTraining()
}

/** Class weights in the order of the classes. */
function weightsOf({ classNames, labels }: FeatureSet, { classWeights }: TeachOptions): readonly number[] | undefined {
  if (classWeights === undefined) return undefined
  if (typeof classWeights === 'object') {
    return classNames.map((label) => (Object.hasOwn(classWeights, label) ? classWeights[label]! : 1))
  }
  return balancedWeights({ classNames, labels })
}

/** The option `validation` of `trainHead`. */
function validationOf({ held }: Lesson, { validation, fineTune }: TeachOptions): 'auto' | number | FeatureSet | undefined {
  if (held !== null) return held.features
  if (fineTune !== undefined) return 0
  return typeof validation === 'number' || validation === 'auto' ? validation : undefined
}

/** The head's validation in the caller's words: `own-examples` only if the caller gave them, else they were held out here. */
function judgedBy(validation: TrainedHead['validation'], { own }: OpenedLesson): TrainedHead['validation'] {
  if (own !== null || validation?.how.kind !== 'own-examples') return validation
  return { ...validation, how: { kind: 'held-out', pictures: validation.how.pictures } }
}

/** The warnings of a head. One about duplicates gets the names of two such files. */
function warningsOf(
  { warnings }: TrainedHead,
  { training, held }: Lesson,
  { fineTune, validation }: TeachOptions,
): readonly TeachWarning[] {
  const nameOf = ({ picture }: LabelledPicture): string => (typeof picture === 'string' ? picture : 'a picture without a name')
  const named = warnings.map((warning): TeachWarning => {
    const [pair] = warning.kind === 'duplicates' ? warning.pairs : []
    if (pair === undefined) return warning
    const [judged, learned] = [(held ?? training).pictures[pair.held]!, training.pictures[pair.training]!]
    return { ...warning, message: `${warning.message} The first: ${nameOf(judged)} and ${nameOf(learned)}.` }
  })
  return fineTune !== undefined && held === null && validation !== 0 ? [...named, notValidated] : named
}

async function teachLesson({ model, backend, limit }: Teaching, opened: OpenedLesson, options: TeachOptions): Promise<Taught> {
  const { fineTune, seed, signal, onProgress } = options
  const lesson = await readLesson(model, opened, options)
  const { training, held, skipped } = lesson
  const { classNames } = training.features
  const classWeights = weightsOf(training.features, options)
  const head = await trainHead(training.features, {
    validation: validationOf(lesson, options),
    classWeights,
    classifier: classifierOf(model.network) ?? undefined,
    seed,
    signal,
    onProgress: ({ done, total }) => onProgress?.({ stage: 'head', done, total }),
  })
  const { kernel, bias } = head
  const withOwnHead = withHead(model.network, { kernel, bias, labels: classNames })
  const tuned =
    fineTune === undefined
      ? { network: withOwnHead, fineTuning: null }
      : await (await import('./fine-tune.js')).fineTuneNetwork(withOwnHead, training, held, classWeights, options)
  const read =
    opened.own === null && held !== null ? [...training.features.labels, ...held.features.labels] : training.features.labels
  const sizes = classSizes({ classNames, labels: read })
  const report: TeachReport = {
    classes: classNames.map((label, index) => ({ label, pictures: sizes[index]! })),
    training: head.training,
    validation: judgedBy(head.validation, opened),
    fineTuning: tuned.fineTuning,
    warnings: warningsOf(head, lesson, options),
    leftOut: [...opened.given.leftOut, ...(opened.own?.leftOut ?? [])],
  }
  const network: Network = { ...tuned.network, report: storedReport(report) }
  const taught = await compile(network, { ...limit, backend })
  if (signal?.aborted) taught.dispose()
  signal?.throwIfAborted()
  return {
    model: taught,
    report,
    skipped,
    save: (path) => saveNetwork(network, path),
  }
}

/**
 * Teaches a network your own classes. Options and labels are checked before the first picture is read.
 * @throws MobileNetV2Error as `Model.teach`
 */
export async function teach(teaching: Teaching, pictures: LabelledPictures, options: TeachOptions): Promise<Taught> {
  checkTeachOptions(options)
  const { model, life } = teaching
  refuseIntegers(model)
  await prepareFineTuning(model.network, options)
  const { signal, release } = firstAbort([options.signal, life])
  try {
    const heeding = { ...options, signal }
    return await teachLesson(teaching, await openLesson(pictures, heeding), heeding)
  } finally {
    release()
  }
}
