import type { Pause } from '@mobilenetv2/runtime'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { crossEntropyOnLine } from './cross-entropy.js'
import { createCurvature } from './curvature.js'
import type { Layer } from './layer.js'
import { searchLine } from './line-search.js'
import { createLinearMap, type Point } from './linear-map.js'
import type { Precondition } from './preconditioner.js'
import type { Space } from './space.js'
import { addTo, dot, scaleBy } from './vectors.js'

/** What layers learn from. */
export interface Lesson {
  readonly space: Space
  /** The class of each picture of the space. */
  readonly labels: readonly number[]
  /** The weight of a picture of each class. */
  readonly classWeights: readonly number[]
  readonly precondition: Precondition
  readonly pause: Pause
}

/** How a layer is fitted. */
export interface Fitting {
  /** The factor of half the sum of the squares of the weights, beside the sum of the cross entropies. It is 1 / C of scikit-learn. */
  readonly penalty: number
  /** The fit ends if the next step would lower the loss by this share of the loss, or less. */
  readonly tolerance: number
  /** The point where the fit starts; null for zeros. */
  readonly start: Point | null
  readonly onStep: (step: number, loss: number) => void
}

/** A fitted layer. */
export interface Fit {
  /** The minimum. */
  readonly point: Point
  /** The layer, for `space.rows`. */
  readonly layer: Layer
}

/** Most steps of a fit. */
const mostSteps = 1000

/** A line search ends at this share of the slope at its start. */
const flat = 0.1

/**
 * Fits a softmax regression: minimises the mean cross entropy of pictures plus a penalty on the squares of weights, by L-BFGS. The minimum
 * is unique. The fit uses features that are scaled to norm 1, less their mean. The layer that it gives takes the features as they are, and
 * treats all as if they had the mean norm.
 * @param pictures the indices of the pictures to learn from
 * @throws MobileNetV2Error `PARAMETERS` if the loss is not a finite number
 */
export async function fitLayer(lesson: Lesson, pictures: Uint32Array, fitting: Fitting): Promise<Fit> {
  const { space, classWeights, precondition, pause } = lesson
  const { penalty, tolerance, start, onStep } = fitting
  const classes = classWeights.length
  const labels = pictures.map((picture) => lesson.labels[picture]!)
  const weights = Float64Array.from(labels, (label) => classWeights[label]!)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const map = await createLinearMap(space.unit, pictures, weights, classes, pause)
  const point = start?.slice() ?? new Float64Array(classes * (space.unit.width + 1))
  const logits = await map.forward(point)
  const residuals = new Float64Array(logits.length)
  const lossAt = async (change: Float64Array, place: number) =>
    crossEntropyOnLine({ weights, labels }, logits, change, place, residuals, pause)
  const gradientOf = async (): Promise<Point> => {
    const gradient = await map.backward(residuals)
    addTo(gradient, point, penalty)
    scaleBy(gradient, 1 / all)
    return gradient
  }
  const curvature = createCurvature(precondition)
  let loss = (await lossAt(new Float64Array(logits.length), 0)).loss / all + (penalty / (2 * all)) * dot(point, point)
  let gradient = await gradientOf()
  for (let step = 1; step <= mostSteps; step++) {
    const direction = await curvature.direction(gradient)
    const descent = dot(gradient, direction)
    // A step of this length would lower the loss by about half of the descent.
    if (step > 1 && !(-descent > 2 * tolerance * loss)) break
    const change = await map.forward(direction)
    // Along the line the penalty is a parabola and the logits are linear, so the search needs no product with the features.
    const [square, both, theirs] = [dot(point, point), dot(point, direction), dot(direction, direction)]
    const place = await searchLine(
      async (length) => {
        const on = await lossAt(change, length)
        loss = (on.loss + (penalty / 2) * (square + 2 * length * both + length * length * theirs)) / all
        const slope = (on.slope + penalty * (both + length * theirs)) / all
        if (!Number.isFinite(loss) || !Number.isFinite(slope)) throw notFinite(step, loss)
        return { slope, curvature: (on.curvature + penalty * theirs) / all }
      },
      step === 1 ? 0 : 1,
      flat * -descent,
    )
    onStep(step, loss)
    addTo(point, direction, place)
    addTo(logits, change, place)
    scaleBy(direction, place)
    const before = gradient
    gradient = await gradientOf()
    await curvature.remember(
      direction,
      gradient.map((value, at) => value - before[at]!),
    )
  }
  const { kernel, bias } = map.layer(point)
  const length = pictures.reduce((sum, picture, at) => sum + weights[at]! * space.norms[picture]!, 0) / all
  const factor = length > 0 ? 1 / length : 1
  return { point, layer: { kernel: kernel.map((row) => row.map((value) => value * factor)), bias } }
}

function notFinite(step: number, loss: number): MobileNetV2Error {
  return new MobileNetV2Error('PARAMETERS', 'The training has diverged: its loss is not a finite number.', {
    where: `step ${step}`,
    got: String(loss),
    remedy: 'Use smaller class weights.',
  })
}
