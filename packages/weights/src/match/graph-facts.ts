import type { TensorType } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { type Facts, factsFrom } from '../facts/facts.js'
import { half, paddingOf, recipes, type Triple } from '../facts/recipes.js'
import { type Graph, isWeightedOperator, type WeightedOperator } from '../graph/graph.js'
import type { Framework } from '../namings/naming.js'

/** A value for each of red, green and blue. */
function perChannel(value: (channel: 0 | 1 | 2) => number): Triple {
  return [value(0), value(1), value(2)]
}

/** One or three values as three. */
function triple(values: readonly number[], map: (value: number) => number): Triple | null {
  const [red, green, blue] = values.length === 1 ? [values[0], values[0], values[0]] : values
  if (red === undefined || green === undefined || blue === undefined || values.length > 3) return null
  const mapped: Triple = [map(red), map(green), map(blue)]
  return mapped.every((value) => Number.isFinite(value)) ? mapped : null
}

/** A range of inputs, with the mean and deviation that lead to it. */
interface KnownRange {
  readonly isRange: (least: number, most: number) => boolean
  readonly mean: Triple
  readonly deviation: Triple
  readonly text: string
}

const same = (value: number): Triple => [value, value, value]

/** The usual ranges of inputs. In a calibration nearly every picture has the lowest value, but dark pictures do not have the highest. */
const knownRanges: readonly KnownRange[] = [
  {
    isRange: (least, most) => Math.abs(least) < 0.05 * most && most > 50 && most < 300,
    ...{ mean: same(0), deviation: same(1 / 255), text: '0 to 255' },
  },
  {
    isRange: (least, most) => Math.abs(least) < 0.05 * most && most > 0.2 && most < 1.05,
    ...{ mean: same(0), deviation: same(1), text: '0 to 1' },
  },
  {
    isRange: (least, most) => Math.abs(least + 1) < 0.1 && most > -0.5 && most < 1.1,
    ...{ mean: half, deviation: half, text: '-1 to 1' },
  },
  {
    isRange: (least, most) => Math.abs(least + 2.12) < 0.15 && most > 2 && most < 2.8,
    ...{ mean: recipes.torchvision.mean, deviation: recipes.torchvision.deviation, text: "ImageNet's mean and deviation" },
  },
]

/** The mean and deviation that follow from the range of integers: those of the input itself, or those to which it is first rounded. */
function rangeOfQuantization(
  quantization: Graph['input']['firstQuantization'],
  what: string,
): { mean: Triple; deviation: Triple; reason: string } | null {
  const lowest = quantization === null || quantization === undefined ? undefined : lowestIntegers[quantization.dtype]
  const [scale, zeroPoint] = [quantization?.scales[0], quantization?.zeroPoints[0]]
  if (lowest === undefined || scale === undefined || zeroPoint === undefined) return null
  const [least, most] = [scale * (lowest - zeroPoint), scale * (lowest + 255 - zeroPoint)]
  const found = knownRanges.find(({ isRange }) => isRange(least, most))
  if (found === undefined) return null
  const { mean, deviation, text } = found
  return { mean, deviation, reason: `${what} ${least.toPrecision(2)} to ${most.toPrecision(2)}, as inputs of ${text} have them` }
}

/** For each type of integers, the integer that stands for the level 0 of a picture. */
const lowestIntegers: Partial<Record<TensorType, number>> = { uint8: 0, int8: -128 }

/**
 * Whether the metadata of an input of integers state a mean of 0 and a deviation of 1. Publishers write that if the levels of a picture are
 * given unchanged, and the scale of the integers does the rest.
 */
function isBypass({ normalization, quantization }: Graph['input']): boolean {
  const isInteger = quantization !== null && lowestIntegers[quantization.dtype] !== undefined
  return (
    isInteger && normalization?.mean.every((value) => value === 0) === true && normalization.deviation.every((value) => value === 1)
  )
}

/**
 * The normalisation of the input that a graph states. It is taken from its metadata; else from a scaling at its start; else from the range
 * of the integers to which the input is rounded; else from the quantisation of the input, whose integers are the levels of a picture (minus
 * 128 in int8). A scale of 1/128 with zero point 127 or 128 is a converter's rounding of mean and deviation 0.5, so 0.5 is
 * returned.
 */
function normalizationOf({ input, inputScaling }: Graph): { mean: Triple; deviation: Triple; reason: string } | null {
  if (input.normalization !== null && !isBypass(input)) {
    // The metadata apply first, and then the graph's own scaling.
    const { multiply, add } = inputScaling ?? { multiply: [1], add: [0] }
    const [factor, offset] = [triple(multiply, (value) => value), triple(add, (value) => value)]
    const [means, deviations] = [
      triple(input.normalization.mean, (value) => value),
      triple(input.normalization.deviation, (value) => value),
    ]
    const deviation = factor && deviations && perChannel((channel) => deviations[channel] / factor[channel] / 255)
    const mean =
      means && deviation && offset && perChannel((channel) => means[channel] / 255 - offset[channel] * deviation[channel])
    if (mean && deviation?.every((value) => value > 0 && value < Infinity)) {
      return {
        mean,
        deviation,
        reason: `the file's metadata give it${inputScaling === null ? '' : ', and the graph scales its input'}`,
      }
    }
  }
  if (inputScaling !== null) {
    const { multiply, add, assumed } = inputScaling
    // A graph that multiplies by less than 0.1 takes values of 0 to 255. One that multiplies by more takes 0 to 1, unless it subtracts a
    // large mean: converters fold the factor into the first kernel, and leave the subtraction.
    const mostOfUnits = 3
    const isOfLevels = triple(add, (value) => value)?.some(
      (value, channel) => -value > mostOfUnits * multiply[channel % multiply.length]!,
    )
    const range = isOfLevels || multiply.every((value) => Math.abs(value) < 0.1) ? 255 : 1
    const deviation = triple(multiply, (value) => 1 / (value * range))
    const offset = triple(add, (value) => value)
    if (offset !== null && deviation?.every((value) => value > 0)) {
      const mean: Triple = [-offset[0] * deviation[0], -offset[1] * deviation[1], -offset[2] * deviation[2]]
      const scales = `the graph itself scales its input of 0 to ${range}`
      return { mean, deviation, reason: assumed === undefined ? scales : `${scales}; ${assumed}` }
    }
  }
  const { quantization } = input
  const range = rangeOfQuantization(input.firstQuantization, 'the graph rounds its input to integers for values of')
  if (range !== null) return range
  const lowest = quantization === null ? undefined : lowestIntegers[quantization.dtype]
  if (quantization !== null && lowest !== undefined && quantization.scales.length === 1) {
    const mean = (quantization.zeroPoints[0]! - lowest) / 255
    const deviation = 1 / (quantization.scales[0]! * 255)
    if (Math.abs(mean - 0.5) < 0.01 && Math.abs(deviation - 0.5) < 0.01) {
      return { mean: half, deviation: half, reason: 'the quantization of the input matches a mean and deviation of 0.5' }
    }
    const known = isBypass(input) ? null : rangeOfQuantization(quantization, "the input's integers stand for values of")
    if (known !== null) return known
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

function weighted({ operators }: Graph): WeightedOperator[] {
  return operators.filter(isWeightedOperator)
}

function epsilonOf(operators: readonly WeightedOperator[]): Facts {
  const epsilons = new Set(operators.flatMap(({ kind, batchNorm }) => (kind === 'dense' ? [] : (batchNorm?.epsilon ?? []))))
  const [epsilon, other] = epsilons
  if (other !== undefined) {
    throw new CheckpointError('The BatchNorms of this file differ in their epsilon.', {
      expected: 'one',
      got: [...epsilons].join(', '),
    })
  }
  return factsFrom({ batchNormEpsilon: epsilon }, 'the graph says so')
}

/** Where the shortcuts of the graph end; undefined if they end at the bottlenecks, as published. */
function residualOf(operators: readonly WeightedOperator[]): 'none' | 'expansion' | undefined {
  const added = operators.filter(({ residual }) => residual !== null)
  if (added.length === 0) return 'none'
  return added.some(({ kind }) => kind === 'depthwise') ? 'expansion' : undefined
}

/** The facts that a graph shows about its inverted residuals. MobileNetV1 has none. */
function blockFacts(operators: readonly WeightedOperator[]): Facts {
  const projections = operators.filter((_, index) => operators[index - 1]?.kind === 'depthwise')
  const bottlenecksEndInRelu6 = projections.length > 0 && projections.every(({ activation }) => activation === 'relu6')
  return factsFrom(
    { residual: residualOf(operators), bottleneckActivation: bottlenecksEndInRelu6 ? 'relu6' : undefined },
    'the graph says so',
  )
}

/**
 * The facts that a graph shows about its network.
 * @throws CheckpointError if the graph contradicts itself
 */
export function factsOfGraph(graph: Graph, framework: Framework, isMobileNetV1: boolean): Facts {
  const operators = weighted(graph)
  const { height, width } = graph.input
  const depthwise = operators.filter(({ kind }) => kind === 'depthwise')
  const normalization = normalizationOf(graph)
  const differ = (values: readonly number[] | undefined): boolean => values?.some((value) => value !== values[0]) ?? false
  if (graph.repeatsInput === true && (differ(normalization?.mean) || differ(normalization?.deviation))) {
    throw new CheckpointError('The graph scales the three equal channels that it makes of a grey picture by different numbers.', {
      expected: 'one scale for all three',
      got: `mean ${normalization?.mean.join(', ')}, deviation ${normalization?.deviation.join(', ')}`,
      remedy: 'Train it with one scale, applied to the grey picture before it becomes three channels.',
    })
  }
  return {
    ...factsFrom(
      {
        size: height === null || width === null ? undefined : { height, width },
        stemStride: operators[0]?.stride,
        activation: depthwise.length > 0 && depthwise.every(({ activation }) => activation === 'relu') ? 'relu' : 'relu6',
      },
      'the graph says so',
    ),
    ...(isMobileNetV1 ? {} : blockFacts(operators)),
    ...factsFrom({ padding: paddingOf[framework] }, 'the graph pads so'),
    ...epsilonOf(operators),
    ...(normalization && factsFrom({ mean: normalization.mean, deviation: normalization.deviation }, normalization.reason)),
    ...(graph.endsIn && factsFrom({ output: graph.endsIn }, `the graph ends in a ${graph.endsIn}`)),
  }
}
