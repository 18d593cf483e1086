import type { SkippedPicture } from '../skipped-pictures.js'
import type { CalibrationBin } from './calibration.js'
import type { ConfusionCounts } from './confusion.js'
import type { Mistake } from './mistakes.js'
import type { ClassCounts } from './per-class.js'

/** How far the probabilities of answers can be taken at their word. */
export interface Calibration {
  /** The expected calibration error, 0 to 1. */
  readonly error: number
  /** 15 intervals of equal width. */
  readonly bins: readonly CalibrationBin[]
}

/** What a model would be if its logits were divided by a temperature. The answers stay the same. */
export interface FittedTemperature extends Calibration {
  /** Above 1 the model is too sure, below 1 not sure enough; 0.05 to 20. */
  readonly temperature: number
  /** The mean loss with it, for the pictures that it was fitted to. Expect a slightly higher loss for other pictures. */
  readonly loss: number
}

/** How well one class is told from the others. */
export interface ClassEvaluation extends ClassCounts {
  readonly label: string
}

/** How well a model answers for labelled pictures. Rates are shares from 0 to 1 of the pictures that could be read. */
export interface Evaluation {
  /** The file of the model. */
  readonly model: string
  readonly backend: string
  readonly device: string
  /** How many pictures were evaluated: those that could be read. */
  readonly pictures: number
  /** How many pictures were done a second, from their files to their answers. */
  readonly picturesPerSecond: number
  /** How often the first answer is right. */
  readonly accuracy: number
  /** How often one of the first five answers is right. */
  readonly top5: number
  /** The mean recall of the classes that have pictures. */
  readonly balancedAccuracy: number
  /**
   * The mean loss, in nats. Cross-entropy, with softmax over all classes, a background class included; if the output is read as `sigmoid`,
   * binary cross-entropy, the mean over the classes.
   */
  readonly loss: number
  readonly calibration: Calibration
  /** Null unless the option `temperature` asks for it. */
  readonly fitted: FittedTemperature | null
  /** How many classes the model has, without a background class. */
  readonly modelClasses: number
  /** Each class that has a picture or was answered, by index. */
  readonly classes: readonly ClassEvaluation[]
  /** `confusion[is]?.[answered]`: how many pictures of a class were taken for which, by indices without a background class. */
  readonly confusion: ConfusionCounts
  /** The worst mistakes: those for whose right class the model had least probability, worst first. */
  readonly mistakes: readonly Mistake[]
  readonly skipped: readonly SkippedPicture[]
  /** What was left out before a picture was opened, a sentence each. */
  readonly leftOut: readonly string[]
}
