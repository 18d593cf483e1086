import type { ConfusionMatrix, HeadValidation, TeachWarning } from '@mobilenetv2/teach'
import type { EpochReport } from '@mobilenetv2/tfjs'
import type { Network } from '@mobilenetv2/weights'

/** What a fine-tuning came to. */
export interface FineTuning {
  /** The layers that learned, from this one on. */
  readonly from: string
  /** The network before the training, and after each pass over the pictures. */
  readonly history: readonly EpochReport[]
  /** The pass whose weights were kept: that of the least validation loss, or the last if nothing was set aside; 0 is the head alone. */
  readonly keptEpoch: number
}

/** What teaching came to. */
export interface TeachReport {
  /** In the order of the answers' indices, with the pictures that could be read: those that were set aside among them. */
  readonly classes: readonly { readonly label: string; readonly pictures: number }[]
  /** How the head answers for the pictures that it learned from, before a fine-tuning. */
  readonly training: ConfusionMatrix
  /** How heads answered for pictures that they did not learn from, before a fine-tuning; null if there were none. */
  readonly validation: HeadValidation | null
  /** Null unless the option `fineTune` asks for one. */
  readonly fineTuning: FineTuning | null
  /** What makes the network or its validation worse, and is easily overlooked. */
  readonly warnings: readonly TeachWarning[]
  /** What was left out before a picture was opened, a sentence each. */
  readonly leftOut: readonly string[]
}

/** How a network answers for pictures that it did not learn from. */
export interface Judged {
  /** 0 to 1. */
  readonly accuracy: number
  /** The mean cross-entropy, in nats. */
  readonly loss: number
}

/** The validation of the network as it is in the end; null if no pictures were set aside. */
export function finalValidation({ validation, fineTuning }: TeachReport): Judged | null {
  if (fineTuning === null) return validation
  return fineTuning.history.find(({ epoch }) => epoch === fineTuning.keptEpoch)?.validation ?? null
}

/** What a file keeps of a report. */
export function storedReport(report: TeachReport): NonNullable<Network['report']> {
  const { classes, training, fineTuning } = report
  const validation = finalValidation(report)
  return {
    pictures: classes.reduce((sum, { pictures }) => sum + pictures, 0),
    classes: Object.fromEntries(classes.map(({ label, pictures }) => [label, pictures])),
    // After a fine-tuning it would be that of another network.
    ...(fineTuning === null ? { trainingAccuracy: training.accuracy } : {}),
    ...(validation === null ? {} : { validationAccuracy: validation.accuracy, validationLoss: validation.loss }),
    ...(fineTuning === null ? {} : { fineTunedFrom: fineTuning.from, epochs: fineTuning.keptEpoch }),
  }
}
