import type { Preprocessing } from '@mobilenetv2/spec'
import type { Graph } from '../graph/graph.js'
import { half, type RecipeName, recipes, type Triple } from './recipes.js'

/** One or three values as three. */
function triple(values: readonly number[], map: (value: number) => number): Triple | null {
  const [red, green, blue] = values.length === 1 ? [values[0], values[0], values[0]] : values
  if (red === undefined || green === undefined || blue === undefined || values.length > 3) return null
  const mapped: Triple = [map(red), map(green), map(blue)]
  return mapped.every((value) => Number.isFinite(value)) ? mapped : null
}

/**
 * The normalisation that a graph's input tells of: its metadata, the scaling inside of the graph, or the scale of its integers.
 * An integer scale of 1/128 with zero point 127 or 128 is how a converter rounds 0.5, which is then meant.
 */
function normalizationOf({ input, inputScaling }: Graph): { mean: Triple; deviation: Triple; reason: string } | null {
  if (input.normalization !== null) {
    const mean = triple(input.normalization.mean, (value) => value / 255)
    const deviation = triple(input.normalization.deviation, (value) => value / 255)
    if (mean !== null && deviation?.every((value) => value > 0)) return { mean, deviation, reason: "the file's metadata give it" }
  }
  if (inputScaling !== null) {
    const { multiply, add } = inputScaling
    // A graph that multiplies by less than a tenth takes values of 0 to 255; one that multiplies by more takes 0 to 1.
    const range = multiply.every((value) => Math.abs(value) < 0.1) ? 255 : 1
    const deviation = triple(multiply, (value) => 1 / (value * range))
    const offset = triple(add, (value) => value)
    if (offset !== null && deviation?.every((value) => value > 0)) {
      const mean: Triple = [-offset[0] * deviation[0], -offset[1] * deviation[1], -offset[2] * deviation[2]]
      return { mean, deviation, reason: `the graph itself scales its input of 0 to ${range}` }
    }
  }
  const { quantization } = input
  if (quantization !== null && quantization.scales.length === 1) {
    const mean = quantization.zeroPoints[0]! / 255
    const deviation = 1 / (quantization.scales[0]! * 255)
    if (Math.abs(mean - 0.5) < 0.01 && Math.abs(deviation - 0.5) < 0.01) {
      return { mean: half, deviation: half, reason: "the scale of the input's integers agrees with it" }
    }
    if (Number.isFinite(deviation)) {
      const [m, d]: [Triple, Triple] = [
        [mean, mean, mean],
        [deviation, deviation, deviation],
      ]
      return { mean: m, deviation: d, reason: "the scale of the input's integers gives it" }
    }
  }
  return null
}

function described(geometry: Preprocessing['geometry']): string {
  switch (geometry.kind) {
    case 'shorterSide':
      return `shorter side ${geometry.size}, centre crop`
    case 'stretch':
      return 'the whole picture, stretched'
    case 'centralFraction':
      return `the central ${geometry.fraction} of both sides, stretched`
    default:
      throw new Error(`unknown geometry ${geometry satisfies never}`)
  }
}

/**
 * The recipe from a picture to the model's input: the normalisation that the file tells of, and for the rest what its publisher
 * evaluates with.
 * @param size the shorter side of the model's input, in pixels
 */
export function inferPreprocessing(
  graph: Graph | null,
  recipeName: RecipeName,
  size: number,
): { preprocessing: Preprocessing; reason: string } {
  const recipe = recipes[recipeName]
  const { publisher, interpolation } = recipe
  const geometry = recipe.geometry(size)
  const found = graph === null ? null : normalizationOf(graph)
  const { mean, deviation } = found ?? recipe
  return {
    preprocessing: { geometry, interpolation, mean, deviation },
    reason: `preprocessing ${publisher}, as the file does not say: ${described(geometry)}, ${interpolation}; mean ${mean.join(', ')} and deviation ${deviation.join(', ')}: ${found?.reason ?? 'the same publisher'}`,
  }
}
