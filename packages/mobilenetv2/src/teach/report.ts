import type { ConfusionMatrix, HeadValidation, TeachWarning } from '@mobilenetv2/teach'
import type { EpochReport } from '@mobilenetv2/tfjs'
import type { Network } from '@mobilenetv2/weights'

/** The result of a fine-tuning. */
export interface FineTuning {
  /** The first layer that was trained; all behind it were too. */
  readonly from: string
  /** Loss and accuracy before the fine-tuning (epoch 0), and after each epoch. */
  readonly history: readonly EpochReport[]
  /**
   * The epoch whose weights were kept: the one with the least validation loss, or the last one if nothing was set aside. 0 means that only
   * the head is new.
   */
  readonly keptEpoch: number
}

/** The result of `Model.teach`, as data. */
export interface TeachReport {
  /**
   * The classes in the order of their indices: the `label`, and the number of `pictures` that could be read, those that were set aside
   * included.
   */
  readonly classes: readonly { readonly label: string; readonly pictures: number }[]
  /** The head on the pictures that it was trained on, before any fine-tuning. */
  readonly training: ConfusionMatrix
  /** The head on the pictures for validation, before any fine-tuning; null if there were none. */
  readonly validation: HeadValidation | null
  /** Null unless the option `fineTune` asks for one. */
  readonly fineTuning: FineTuning | null
  /** Problems of the pictures that are easily overlooked and make the network or its validation worse. */
  readonly warnings: readonly TeachWarning[]
  /** Files and folders that were left out before any picture was opened, a sentence each. */
  readonly leftOut: readonly string[]
}

/** A network on pictures that it was not trained on. */
export interface Judged {
  /** 0 to 1. */
  readonly accuracy: number
  /** The mean cross-entropy, in nats. */
  readonly loss: number
}

/** The validation of the final network; null if no pictures were set aside. */
export function finalValidation({ validation, fineTuning }: TeachReport): Judged | null {
  if (fineTuning === null) return validation
  return fineTuning.history.find(({ epoch }) => epoch === fineTuning.keptEpoch)?.validation ?? null
}

/** The part of a report that is written into files. */
export function storedReport(report: TeachReport): NonNullable<Network['report']> {
  const { classes, training, fineTuning } = report
  const validation = finalValidation(report)
  return {
    pictures: classes.reduce((sum, { pictures }) => sum + pictures, 0),
    classes: Object.fromEntries(classes.map(({ label, pictures }) => [label, pictures])),
    // After a fine-tuning this would be the accuracy of a network that no longer exists.
    ...(fineTuning === null ? { trainingAccuracy: training.accuracy } : {}),
    ...(validation === null ? {} : { validationAccuracy: validation.accuracy, validationLoss: validation.loss }),
    ...(fineTuning === null ? {} : { fineTunedFrom: fineTuning.from, epochs: fineTuning.keptEpoch }),
  }
}
