import { fitLayer, type Lesson } from './fit.js'
import { type Judgement, lossOf } from './judge.js'
import type { Layer } from './layer.js'
import type { Point } from './linear-map.js'
import { someOf } from './some-of.js'

/** Pictures to learn from, and a judge who knows other pictures. */
export interface Trial {
  readonly training: Uint32Array
  judge(layer: Layer): Promise<Judgement>
}

/** What was found to judge best. */
export interface Choice {
  readonly penalty: number
  /** Where the fits of the trials ended. */
  readonly points: readonly Point[]
  readonly judgements: readonly Judgement[]
}

/**
 * Penalties that are tried, from strong to weak. Features of a backbone that know the classes want a weak one; where classes overlap, a
 * weak one learns the examples by heart.
 */
const penalties: readonly number[] = [1 / 5, 1 / 50, 1 / 500, 1 / 5000]

/** The penalty where none can be chosen: about that of scikit-learn's C = 1 on MobileNetV2's features, whose lengths are 15 to 30. */
export const usualPenalty: number = 1 / 500

/** Is told of each step of a fit, and of each fit's end. */
export interface Watcher {
  onStep(step: number, loss: number): void
  onFit(): void
}

/** Pictures that a penalty is chosen on, at most. */
const mostToChoose = 3000

/** Where these fits end, as a share of their loss. */
const tolerance = 1e-2

/**
 * Fits a layer for each trial with one penalty after the other, each from where the one before ended, until the judges see a larger
 * loss than before. Layers that learned from a part of their pictures for that are then fitted to all of them.
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

/** Layers that `choosePenalty` fits at most. */
export function mostFits(trials: readonly Trial[]): number {
  const isPartial = trials.some(({ training }) => training.length > mostToChoose)
  return trials.length * (penalties.length + (isPartial ? 1 : 0))
}
