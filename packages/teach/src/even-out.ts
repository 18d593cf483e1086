import type { Pause } from '@mobilenetv2/runtime'
import { crossEntropyOnLine } from './cross-entropy.js'
import { type Judgement, judgeLogits } from './judge.js'
import { searchLine } from './line-search.js'

/** What half the square of the correction costs, so that there is a minimum. */
const penalty = 0.01

/** Where the search ends: the slope of the loss of one picture. */
const flat = 1e-6

/**
 * Where classes differ in size, one of few pictures is known less well: new pictures lie farther from it than those that were learned
 * from do, the farther the fewer there were. A layer then hardly ever names such a class, whatever the weights of the classes. Pictures
 * that were held out tell how much has to be added to the logits: one number times 1 / sqrt(pictures of the class).
 * @param sizes the pictures of each class
 * @param judgements of pictures that were held out
 * @returns what to add to the bias of each class
 */
export async function evenOut(sizes: readonly number[], judgements: readonly Judgement[], pause: Pause): Promise<Float64Array> {
  const classes = sizes.length
  const rarities = sizes.map((size) => 1 / Math.sqrt(size))
  const mean = rarities.reduce((sum, rarity) => sum + rarity, 0) / classes
  const shift = Float64Array.from(rarities, (rarity) => rarity - mean)
  const lines = judgements.map((judgement) => ({
    judgement,
    change: judgement.logits.map((_, at) => shift[at % classes]!),
    residuals: new Float64Array(judgement.logits.length),
  }))
  const at = async (place: number): Promise<{ slope: number; curvature: number }> => {
    let [slope, curvature] = [penalty * place, penalty]
    for (const { judgement, change, residuals } of lines) {
      const on = await crossEntropyOnLine(judgement, judgement.logits, change, place, residuals, pause)
      slope += on.slope
      curvature += on.curvature
    }
    return { slope, curvature }
  }
  // A class of few pictures is never named too often, but by chance.
  const { slope } = await at(0)
  const place = slope < -flat ? await searchLine(at, 1, flat) : 0
  return shift.map((value) => value * place)
}

/** The judgements of layers whose biases are changed. */
export async function shifted(judgements: readonly Judgement[], by: Float64Array, pause: Pause): Promise<Judgement[]> {
  return Promise.all(
    judgements.map((judgement) =>
      judgeLogits(
        judgement,
        judgement.logits.map((value, at) => value + by[at % by.length]!),
        pause,
      ),
    ),
  )
}
