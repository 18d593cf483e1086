import type { Preprocessing } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import type { Graph } from '../graph/graph.js'
import type { Family } from '../namings/naming.js'

type Triple = readonly [number, number, number]

const half: Triple = [0.5, 0.5, 0.5]

/** torchvision's and timm's statistics of ImageNet, on the scale of 0 to 1. */
const imageNetMean: Triple = [0.485, 0.456, 0.406]
const imageNetDeviation: Triple = [0.229, 0.224, 0.225]

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

/**
 * The recipe from a picture to the model's input: what the file tells, and for the rest what its family publishes. torchvision
 * resizes the shorter side to 256 for a crop of 224; the TensorFlow family's is taken as size / 0.875; a TensorFlow.js graph-model
 * is fed as npm `nsfwjs` feeds its own: stretched, `resizeBilinear(…, alignCorners = true)`.
 */
export function inferPreprocessing(
  { graph, format }: Pick<Checkpoint, 'graph' | 'format'>,
  family: Family,
  size: number,
): { preprocessing: Preprocessing; reason: string } {
  const rounding = family === 'PyTorch' ? 'torchvision' : 'nearest'
  const shorterSide = { kind: 'shorterSide', size: Math.round(size / 0.875), rounding } as const
  if (family === 'PyTorch') {
    return {
      preprocessing: { geometry: shorterSide, interpolation: 'bilinear', mean: imageNetMean, deviation: imageNetDeviation },
      reason: `preprocessing: torchvision's (shorter side ${shorterSide.size}, mean and deviation of ImageNet), as the file says nothing`,
    }
  }
  const found = graph === null ? null : normalizationOf(graph)
  const { mean, deviation } = found ?? { mean: half, deviation: half }
  const reason = found?.reason ?? 'the family publishes it, as the file says nothing'
  const normalization = `mean ${mean.join(', ')} and deviation ${deviation.join(', ')}: ${reason}`
  if (format === 'tfjs-graph-model') {
    return {
      preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinearAlignCorners', mean, deviation },
      reason: `preprocessing: stretched to the input's size with TensorFlow.js's resizeBilinear, as nsfwjs does; ${normalization}`,
    }
  }
  return {
    preprocessing: { geometry: shorterSide, interpolation: 'bilinear', mean, deviation },
    reason: `preprocessing: shorter side ${shorterSide.size}, centre crop; ${normalization}`,
  }
}
