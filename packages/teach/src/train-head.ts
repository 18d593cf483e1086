import { createPause, type Pause } from '@mobilenetv2/runtime'
import { choosePenalty, mostFits, type Trial, usualPenalty } from './choose-penalty.js'
import { type Classifier, createClassifierPrior, hasEnoughClasses } from './classifier-prior.js'
import { type ConfusionMatrix, confusionMatrix } from './confusion.js'
import { evenOut, shifted } from './even-out.js'
import { checkClasses, checkFeatureSet, classSizes, type FeatureSet } from './feature-set.js'
import { fitLayer, type Lesson } from './fit.js'
import { answersOf, type Judgement, judge, lossOf } from './judge.js'
import type { Layer } from './layer.js'
import { type CheckedOptions, checkOptions, type TrainHeadOptions } from './options.js'
import { fewPictures, planValidation, type ValidationKind } from './plan.js'
import { createPreconditioner } from './preconditioner.js'
import { everyPicture, featureSpace, normsOf, plainRows, spannedSpace } from './space.js'
import { type Measured, notValidated, type TeachWarning, warnOfClasses, warnOfDuplicates } from './warnings.js'

/** How heads did on pictures that they had not learned from. */
export interface HeadValidation extends ConfusionMatrix {
  /** Which pictures these were. */
  readonly how: ValidationKind
  /** The mean cross entropy of a picture, weighted by class. */
  readonly loss: number
}

/** A new last layer for a backbone, and how well it does. */
export interface TrainedHead {
  /** The names of the classes, in the order of the logits. */
  readonly classNames: readonly string[]
  /** `[length, classes]`, for the features as the backbone gives them. */
  readonly kernel: Float32Array
  /** `[classes]` */
  readonly bias: Float32Array
  /** How the head does on the pictures that it learned from. */
  readonly training: ConfusionMatrix
  /**
   * How heads did on pictures that they had not learned from; null if there were none. It is a little too good: the penalty was chosen from
   * four by the same pictures, and if the classes differ in size, a correction of the bias was fitted to them.
   */
  readonly validation: HeadValidation | null
  /**
   * The penalty on half of the squares of the weights, for features of norm 1: 1 / C of scikit-learn. A smaller one fits the examples more
   * closely.
   */
  readonly penalty: number
  /** What makes the head or its validation worse. */
  readonly warnings: readonly TeachWarning[]
}

/** The tolerance of the last fit: see `Fitting`. For `many` pictures, more exact weights make no difference that can be measured. */
const tolerances = { few: 1e-9, many: 3e-3 }

/** Milliseconds of work between two turns of the event loop. No single piece of work takes that long. */
const longestTurn = 15

async function createLesson(
  { examples, norms }: Measured,
  classWeights: readonly number[],
  isFew: boolean,
  pause: Pause,
): Promise<Lesson> {
  const { labels, length } = examples
  const space = isFew && labels.length < length ? await spannedSpace(examples, norms, pause) : featureSpace(examples, norms)
  const precondition = isFew
    ? async (gradient: Float64Array) => gradient.slice()
    : await createPreconditioner(space.unit, labels, classWeights.length, pause)
  return { space, labels, classWeights, precondition, pause }
}

/** The trials that judge heads, and the warnings about their pictures. */
interface Validation {
  readonly how: ValidationKind
  readonly trials: readonly Trial[]
  readonly warnings: readonly TeachWarning[]
}

async function planTrials(
  known: Measured,
  lesson: Lesson,
  { validation, seed, classWeights }: CheckedOptions,
): Promise<Validation | null> {
  const { examples } = known
  const { space, labels, pause } = lesson
  if (typeof validation === 'object') {
    const judged = { examples: validation, norms: await normsOf(validation, 'validation', pause) }
    const held = everyPicture(validation.labels.length)
    const rows = plainRows(validation)
    const training = everyPicture(labels.length)
    return {
      how: { kind: 'own-examples', pictures: held.length },
      trials: [
        {
          training,
          judge: async (layer) => judge(rows, held, validation.labels, classWeights, await space.widen(layer), pause),
        },
      ],
      warnings: await warnOfDuplicates(known, judged, [{ training, held }], pause),
    }
  }
  const plan = planValidation(examples, validation, seed)
  await pause()
  if (plan === null) return null
  return {
    how: plan.how,
    trials: plan.splits.map(({ training, held }) => ({
      training,
      judge: (layer: Layer) => judge(space.rows, held, labels, classWeights, layer, pause),
    })),
    warnings: await warnOfDuplicates(known, known, plan.splits, pause),
  }
}

/** The confusion matrix of all judgements together. */
function confusionOf(classNames: readonly string[], judgements: readonly Judgement[]): ConfusionMatrix {
  const labels = judgements.flatMap((judgement) => [...judgement.labels])
  return confusionMatrix(
    classNames,
    labels,
    judgements.flatMap(({ logits }) => [...answersOf(logits, classNames.length)]),
  )
}

/** A learned layer, before it is rounded to float32. */
interface Learned {
  readonly layer: Layer
  readonly penalty: number
  readonly planned: Validation | null
  readonly judgements: readonly Judgement[]
}

/** Chooses the penalty by held-out pictures, and then learns from all pictures. */
async function learn(examples: FeatureSet, checked: CheckedOptions, pause: Pause): Promise<Learned> {
  const { labels } = examples
  const sizes = classSizes(examples)
  const isFew = labels.length <= fewPictures
  const known = { examples, norms: await normsOf(examples, 'examples', pause) }
  const lesson = await createLesson(known, checked.classWeights, isFew, pause)
  const planned = await planTrials(known, lesson, checked)
  const trials = planned?.trials ?? []
  const total = mostFits(trials) + 1
  let done = 0
  let last = { step: 0, loss: 0 }
  const watcher = {
    onStep: (step: number, loss: number): void => {
      last = { step, loss }
      checked.onProgress({ done, total, step, loss })
    },
    onFit: (): void => {
      done++
    },
  }
  const choice = trials.length === 0 ? null : await choosePenalty(lesson, trials, watcher)
  const penalty = choice?.penalty ?? usualPenalty
  done = total - 1
  const fit = await fitLayer(lesson, everyPicture(labels.length), {
    penalty,
    tolerance: isFew ? tolerances.few : tolerances.many,
    start: choice?.points[0] ?? null,
    onStep: watcher.onStep,
  })
  checked.onProgress({ done: total, total, ...last })
  const own = planned?.how.kind === 'own-examples' ? [await trials[0]!.judge(fit.layer)] : (choice?.judgements ?? [])
  const isUneven = own.length > 0 && new Set(sizes).size > 1
  const shift = isUneven ? await evenOut(sizes, own, pause) : new Float64Array(sizes.length)
  const { kernel, bias } = await lesson.space.widen(fit.layer)
  return {
    layer: { kernel, bias: bias.map((value, label) => value + shift[label]!) },
    penalty,
    planned,
    judgements: await shifted(own, shift, pause),
  }
}

/** Learns with the prior of the backbone's classifier. */
async function learnWithPrior(
  classifier: Classifier,
  examples: FeatureSet,
  checked: CheckedOptions,
  pause: Pause,
): Promise<Learned> {
  const { validation } = checked
  // If a feature is not finite, the error names the feature and not a score.
  await normsOf(examples, 'examples', pause)
  if (typeof validation === 'object') await normsOf(validation, 'validation', pause)
  const prior = await createClassifierPrior(classifier, examples.length, pause)
  const scores = typeof validation === 'object' ? await prior.scoresOf(validation) : validation
  const learned = await learn(await prior.scoresOf(examples), { ...checked, validation: scores }, pause)
  return { ...learned, layer: await prior.widen(learned.layer) }
}

/** Learns with the prior and without it, and takes what the held-out pictures say is better. If there are none, it takes the prior. */
async function learnBest(examples: FeatureSet, checked: CheckedOptions, pause: Pause): Promise<Learned> {
  const { classifier, onProgress, validation, seed } = checked
  const { labels, length } = examples
  if (classifier === null || !hasEnoughClasses(classifier, length) || labels.length > fewPictures)
    return learn(examples, checked, pause)
  const isJudged = typeof validation === 'object' || planValidation(examples, validation, seed) !== null
  if (!isJudged) return learnWithPrior(classifier, examples, checked, pause)
  const half = (part: 0 | 1): CheckedOptions => ({
    ...checked,
    onProgress: ({ done, total, ...step }) => onProgress({ done: done + part * total, total: 2 * total, ...step }),
  })
  const withPrior = await learnWithPrior(classifier, examples, half(0), pause)
  const without = await learn(examples, half(1), pause)
  return lossOf(without.judgements) < lossOf(withPrior.judgements) ? without : withPrior
}

/**
 * Trains a new head for a backbone that stays as it is: a softmax regression, fitted to its minimum. The held-out pictures choose the
 * strength of the penalty and say how well the head does. If the classes differ in size, they also correct the biases of small classes.
 * Then the head learns from all pictures. The same examples and options give the same head.
 * @throws MobileNetV2Error `INPUT` if the examples do not fit each other, a feature is not a finite number, a class has no picture, or
 * there are fewer than two classes; `OPTION` if an option is unknown or not allowed; `PARAMETERS` if the loss is not a finite number
 * @throws the signal's reason if the signal is aborted
 * @example
 * ```ts
 * import { trainHead } from '@mobilenetv2/teach'
 *
 * const features = Float32Array.of(1, 0, 0.9, 0.1, 0, 1, 0.1, 0.9)
 * const examples = { classNames: ['cat', 'dog'], labels: [0, 0, 1, 1], length: 2, features }
 * const { kernel, bias, training } = await trainHead(examples)
 * training.accuracy // => 1
 * ```
 */
export async function trainHead(examples: FeatureSet, options: TrainHeadOptions = {}): Promise<TrainedHead> {
  checkFeatureSet(examples)
  checkClasses(examples)
  const checked = checkOptions(options, examples)
  const { classNames, labels, length } = examples
  const classes = classNames.length
  const pause = createPause(checked.signal, longestTurn)
  const { layer, penalty, planned, judgements } = await learnBest(examples, checked, pause)
  const kernel = Float32Array.from({ length: length * classes }, (_, at) => layer.kernel[at % classes]![Math.floor(at / classes)]!)
  const bias = Float32Array.from(layer.bias)
  // Judges the layer that is given back, which is rounded to float32.
  const rounded = { kernel: layer.kernel.map((row) => row.map(Math.fround)), bias: Float64Array.from(bias) }
  const learned = await judge(plainRows(examples), everyPicture(labels.length), labels, checked.classWeights, rounded, pause)
  return {
    classNames,
    kernel,
    bias,
    training: confusionOf(classNames, [learned]),
    validation: planned && { ...confusionOf(classNames, judgements), how: planned.how, loss: lossOf(judgements) },
    penalty,
    warnings: [
      ...warnOfClasses(examples, options.classWeights !== undefined),
      ...(planned?.warnings ?? (checked.validation === 0 ? [] : [notValidated])),
    ],
  }
}
