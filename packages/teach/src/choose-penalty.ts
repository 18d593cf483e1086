import { fitLayer, type Lesson } from './fit.js'
import { type Judgement, lossOf } from './judge.js'
import type { Layer } from './layer.js'
import type { Point } from './linear-map.js'
import { someOf } from './some-of.js'

/** Pictures that a layer learns from, and a function that judges the layer by other pictures. */
export interface Trial {
  readonly training: Uint32Array
  judge(layer: Layer): Promise<Judgement>
}

/** The penalty that was chosen, with its fits. */
export interface Choice {
  readonly penalty: number
  /** Where the fit of each trial ended. */
  readonly points: readonly Point[]
  /** The judgement of each trial. */
  readonly judgements: readonly Judgement[]
}

/**
 * The penalties that are tried, from strong to weak. Where features separate the classes well, a weak penalty is best. Where classes
 * overlap, a layer with a weak penalty learns the examples by heart.
 */
const penalties: readonly number[] = [1 / 5, 1 / 50, 1 / 500, 1 / 5000]

/**
 * The penalty if there are no pictures to choose it by. It is about scikit-learn's C = 1 for features of MobileNetV2, whose norm is 15 to
 * 30.
 */
export const usualPenalty: number = 1 / 500

/** Callbacks for each step of a fit, and for the end of each fit. */
export interface Watcher {
  onStep(step: number, loss: number): void
  onFit(): void
}

/** Most pictures that a layer learns from while the penalty is chosen. */
const mostToChoose = 3000

/** The tolerance of the fits among which the penalty is chosen: see `Fitting`. */
const tolerance = 1e-2

/**
 * Chooses the penalty. For each penalty it fits a layer for each trial, beginning where the fit with the penalty before it ended, until the
 * loss that the trials judge is no longer smaller than before. If the layers learned from a part of their pictures only, they are
 * then fitted to all of them.
 */
export async function choosePenalty(lesson: Lesson, trials: readonly Trial[], watcher: Watcher): Promise<Choice> {
  const fitAll = async (penalty: number, start: Choice | null, isWhole: boolean): Promise<Choice> => {
    const points: Point[] = []
    const judgements: Judgement[] = []
    for (const [index, { training, judge }] of trials.entries()) {
      const pictures = isWhole ? training : someOf(training, lesson.labels, mostToChoose)
      const fitting = { penalty, tolerance, start: start?.points[index] ?? null, onStep: watcher.onStep }
      const fit = await fitLayer(lesson, pictures, fitting)
      points.push(fit.point)
      judgements.push(await judge(fit.layer))
      watcher.onFit()
    }
    return { penalty, points, judgements }
  }
  let best = await fitAll(penalties[0]!, null, false)
  for (const penalty of penalties.slice(1)) {
    const next = await fitAll(penalty, best, false)
    if (!(lossOf(next.judgements) < lossOf(best.judgements))) break
    best = next
  }
  return trials.some(({ training }) => training.length > mostToChoose) ? fitAll(best.penalty, best, true) : best
}

/** Most layers that `choosePenalty` fits. */
export function mostFits(trials: readonly Trial[]): number {
  const isPartial = trials.some(({ training }) => training.length > mostToChoose)
  return trials.length * (penalties.length + (isPartial ? 1 : 0))
}
