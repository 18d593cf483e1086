import type { SkippedPicture } from '../skipped-pictures.js'
import type { CalibrationBin } from './calibration.js'
import type { ConfusionCounts } from './confusion.js'
import type { Mistake } from './mistakes.js'
import type { ClassCounts } from './per-class.js'

/** How well the probabilities of answers agree with how often the answers are right. */
export interface Calibration {
  /** The expected calibration error, 0 to 1. */
  readonly error: number
  /** 15 intervals of equal width. */
  readonly bins: readonly CalibrationBin[]
}

/** The calibration and the loss if all logits are divided by a temperature. The answers stay the same. */
export interface FittedTemperature extends Calibration {
  /** 0.05 to 20. Above 1 the model's probabilities are too high, below 1 too low. */
  readonly temperature: number
  /** The mean loss with it, for the pictures that it was fitted to. Expect a slightly higher loss for other pictures. */
  readonly loss: number
}

/** Precision, recall and counts of the class with the name `label`. */
export interface ClassEvaluation extends ClassCounts {
  readonly label: string
}

/** What `Model.evaluate` measured. Rates are from 0 to 1, of the pictures that could be read. */
export interface Evaluation {
  /** The file of the model. */
  readonly model: string
  /** The name of the backend, such as `wasm`. */
  readonly backend: string
  /** What the backend runs on, in its own words. */
  readonly device: string
  /** How many pictures were evaluated: those that could be read. */
  readonly pictures: number
  /** Pictures per second, from their files to their answers. */
  readonly picturesPerSecond: number
  /** How often the first answer is right. */
  readonly accuracy: number
  /** How often one of the first five answers is right. */
  readonly top5: number
  /** The mean recall of the classes that have pictures. */
  readonly balancedAccuracy: number
  /**
   * The mean loss, in nats. It is the cross-entropy with softmax over all classes, a background class included. If the output is read as
   * `sigmoid`, it is the binary cross-entropy, averaged over the classes.
   */
  readonly loss: number
  /** How well the probabilities of the answers fit how often the answers are right. */
  readonly calibration: Calibration
  /** Null unless the option `temperature` asks for it. */
  readonly fitted: FittedTemperature | null
  /** How many classes the model has, without a background class. */
  readonly modelClasses: number
  /** The classes that have a picture or were answered, in the order of their indices. */
  readonly classes: readonly ClassEvaluation[]
  /** The confusion matrix, `confusion[is]?.[answered]`, in pictures. The indices do not count a background class. */
  readonly confusion: ConfusionCounts
  /** The worst mistakes: those with the lowest probability of the right class, worst first. */
  readonly mistakes: readonly Mistake[]
  /** The pictures that could not be read. */
  readonly skipped: readonly SkippedPicture[]
  /** Files and folders that were left out before any picture was opened, a sentence each. */
  readonly leftOut: readonly string[]
}
