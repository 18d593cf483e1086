import { type HeadActivation, headActivations } from '@mobilenetv2/spec'
import { activate } from '@mobilenetv2/spec/activate'

/** The values at which functions are compared: on both sides of every bend of the known activations, and far out. */
export const samples: readonly number[] = [
  ...[-300, -100, -20, -8, -6, -5, -4, -3.5, -3, -2.5, -2, -1.5, -1, -0.75, -0.5, -0.25, -0.1, -0.01, -0.001, 0],
  ...[0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 5.5, 6, 7, 8, 20, 100, 300],
]

/** Beyond this value the comparison sees no change of a function. */
export const farthestSample: number = Math.max(...samples)

/** The difference that a function with constants of 16 bits may have, relative to the value or to 1. */
const tolerance = 2e-3

/** The same for piecewise linear functions. Their constants are integers, or are read from the values themselves. */
const exactTolerance = 1e-5

const toleranceOf = (word: string): number => (/^(linear|relu6?|leakyRelu:.*)$/.test(word) ? exactTolerance : tolerance)

/** An activation as a function of one value. */
export function activationFunction(activation: HeadActivation): (x: number) => number {
  return (x) => activate(activation, x)
}

/** ReLU with a slope below 0. */
export function leakyRelu(slope: number): (x: number) => number {
  return (x) => (x > 0 ? x : slope * x)
}

/** The activations that composed functions are compared with. */
const known: readonly (readonly [word: string, apply: (x: number) => number])[] = [
  ...headActivations.map((activation) => [activation, activationFunction(activation)] as const),
  ['hardSigmoid', (x) => activate('relu6', x + 3) / 6],
]

const tables = known.map(([word, apply]) => ({ word, values: samples.map(apply) }))

/** The largest difference of two functions at the samples; infinite if one of them is not a number there. */
function distance(values: readonly number[], others: readonly number[]): number {
  return values.reduce((most, value, index) => {
    const difference = Math.abs(value - others[index]!) / Math.max(1, Math.abs(others[index]!))
    return difference <= most ? most : Number.isNaN(difference) ? Infinity : difference
  }, 0)
}

/**
 * The activation that a function is: a name of `headActivations`, `leakyRelu:` and a slope, or `hardSigmoid`. Its values at the
 * samples decide, whatever operators a file composes it of.
 * @returns null if it is not known
 */
export function activationOfValues(values: readonly number[]): string | null {
  const slope = -values[samples.indexOf(-1)]!
  const leaky = { word: `leakyRelu:${Number(slope.toPrecision(5))}`, values: samples.map(leakyRelu(slope)) }
  let best: { word: string; error: number } | null = null
  // A slope of 0 is relu and a slope of 1 is linear. Both are in the tables, and come first.
  for (const { word, values: expected } of [...tables, leaky]) {
    const error = distance(values, expected)
    if (error <= toleranceOf(word) && (best === null || error < best.error - 1e-9)) best = { word, error }
  }
  return best?.word ?? null
}

/** The factor and the offset of a function that is x multiply + add; null if it is another one. */
export function affineOfValues(values: readonly number[]): { readonly multiply: number; readonly add: number } | null {
  const add = values[samples.indexOf(0)]!
  const multiply = (values.at(-1)! - values[0]!) / (samples.at(-1)! - samples[0]!)
  const error = distance(
    values,
    samples.map((x) => x * multiply + add),
  )
  return error <= exactTolerance && Number.isFinite(multiply) && Number.isFinite(add) ? { multiply, add } : null
}

/** Comparisons and choices of which activations are composed, by TensorFlow's names. SELU is composed of them in TensorFlow Lite. */
export const choices: ReadonlyMap<string, (...values: number[]) => number> = new Map<string, (...values: number[]) => number>([
  ['maximum', (a, b) => Math.max(a!, b!)],
  ['minimum', (a, b) => Math.min(a!, b!)],
  ['pow', (a, b) => a! ** b!],
  ['greater', (a, b) => Number(a! > b!)],
  ['greaterequal', (a, b) => Number(a! >= b!)],
  ['less', (a, b) => Number(a! < b!)],
  ['lessequal', (a, b) => Number(a! <= b!)],
  ['select', (condition, yes, no) => (condition === 0 ? no! : yes!)],
  ['selectv2', (condition, yes, no) => (condition === 0 ? no! : yes!)],
])
