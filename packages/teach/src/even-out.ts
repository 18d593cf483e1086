import type { Pause } from '@mobilenetv2/runtime'
import { crossEntropyOnLine } from './cross-entropy.js'
import { type Judgement, judgeLogits } from './judge.js'
import { searchLine } from './line-search.js'

/** The penalty on half of the square of the correction. Without it there may be no minimum. */
const penalty = 0.01

/** The slope of the loss, summed over the pictures, at which the search ends. */
const flat = 1e-6

/**
 * Corrects the biases of classes of different sizes. If the layer learned a class from few pictures, a new picture of the class is less
 * like them. So the layer hardly ever names a class of few pictures, whatever the weights of the classes are. The correction is one number
 * times 1 / sqrt(number of pictures of the class), less its mean. It is chosen so that the loss of the held-out pictures is least.
 * @param sizes the number of pictures of each class
 * @param judgements those of the held-out pictures
 * @returns the number to add to the bias of each class
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
  // The correction never works against classes of few pictures: if they are answered too often, that is chance.
  const { slope } = await at(0)
  const place = slope < -flat ? await searchLine(at, 1, flat) : 0
  return shift.map((value) => value * place)
}

/** The judgements of the same layers after `by` was added to their biases. */
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
