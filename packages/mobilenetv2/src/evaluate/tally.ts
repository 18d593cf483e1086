import type { Pause } from '@mobilenetv2/runtime'
import type { Classes } from '@mobilenetv2/weights'
import { logitOf } from '../answers.js'
import type { Classification } from '../model.js'
import type { PictureSource } from '../picture-source.js'
import { calibrationBins, calibrationError, type Judged } from './calibration.js'
import { type AnsweredClass, confusionCounts } from './confusion.js'
import type { Calibration, Evaluation, FittedTemperature } from './evaluation.js'
import { keepWorst } from './mistakes.js'
import { balancedAccuracy, perClass } from './per-class.js'
import { lossOf, probabilityOf, type Scores, scoresOf } from './scores.js'
import { fitTemperature } from './temperature.js'

/** Options of a tally. */
export interface TallyOptions {
  readonly classes: Classes
  /** The label of a class index. */
  readonly nameOf: (index: number) => string
  /** How many of the worst mistakes to keep. */
  readonly mistakes: number
  /** Whether to fit a temperature, which keeps all logits. */
  readonly temperature: boolean
}

/** The parts of an evaluation that are computed from the answers. */
export type Rates = Pick<
  Evaluation,
  'pictures' | 'accuracy' | 'top5' | 'balancedAccuracy' | 'loss' | 'calibration' | 'fitted' | 'classes' | 'confusion' | 'mistakes'
>

/** Counts answers, a picture at a time. */
export interface Tally {
  /**
   * Takes one picture.
   * @param is the class that it shows, without a background class
   * @param classification with the five best answers
   */
  take(picture: PictureSource, is: number, classification: Classification): void
  /**
   * The rates over all pictures, of which there must be at least one.
   * @throws the signal's reason, through `pause`
   */
  rates(pause: Pause): Promise<Rates>
}

/** A picture whose scores are kept. `right` and `answered` are indices among them. */
interface KeptPicture {
  readonly scores: Scores
  readonly right: number
  readonly answered: number
  readonly isRight: boolean
}

function calibrationOf(answers: readonly Judged[]): Calibration {
  const bins = calibrationBins(answers)
  return { error: calibrationError(bins), bins }
}

async function fit(kept: readonly KeptPicture[], pause: Pause): Promise<FittedTemperature> {
  const temperature = await fitTemperature(kept, pause)
  const answers: Judged[] = []
  let loss = 0
  for (const { scores, right, answered, isRight } of kept) {
    loss += lossOf(scores, right, 1 / temperature)
    answers.push({ confidence: probabilityOf(scores, answered, 1 / temperature), isRight })
    await pause()
  }
  return { temperature, loss: loss / kept.length, ...calibrationOf(answers) }
}

export function createTally({ classes, nameOf, mistakes, temperature }: TallyOptions): Tally {
  const judged: (Judged & AnsweredClass)[] = []
  const kept: KeptPicture[] = []
  const worst = keepWorst(mistakes)
  let [loss, top5] = [0, 0]
  return {
    take(picture, is, { answers, logits }) {
      const answer = answers[0]!
      const isRight = answer.index === is
      const scores = scoresOf(logits, classes)
      const right = logitOf(is, classes)
      const own = lossOf(scores, right)
      loss += own
      top5 += answers.some(({ index }) => index === is) ? 1 : 0
      judged.push({ is, answered: answer.index, confidence: answer.probability, isRight })
      if (temperature) kept.push({ scores, right, answered: logitOf(answer.index, classes), isRight })
      if (isRight) return
      worst.add({ picture, right: { index: is, label: nameOf(is), probability: probabilityOf(scores, right) }, answer }, own)
    },
    async rates(pause) {
      const pictures = judged.length
      const confusion = confusionCounts(judged)
      const counts = perClass(confusion)
      return {
        pictures,
        accuracy: judged.filter(({ isRight }) => isRight).length / pictures,
        top5: top5 / pictures,
        balancedAccuracy: balancedAccuracy(counts),
        loss: loss / pictures,
        calibration: calibrationOf(judged),
        fitted: temperature ? await fit(kept, pause) : null,
        classes: counts.map((each) => ({ ...each, label: nameOf(each.index) })),
        confusion,
        mistakes: worst.list(),
      }
    },
  }
}
