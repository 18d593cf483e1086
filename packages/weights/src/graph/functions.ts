/** Where functions are compared: both sides of every bend of the activations that are known, and far out. */
export const samples: readonly number[] = [
  ...[-100, -20, -8, -6, -5, -4, -3.5, -3, -2.5, -2, -1.5, -1, -0.75, -0.5, -0.25, -0.1, 0],
  ...[0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 5.5, 6, 7, 8, 20, 100],
]

/** How far a function in constants of 16 bits may lie from what it stands for, relative to the value or to 1. */
const tolerance = 2e-3

/** The error function, with 7 digits (Abramowitz and Stegun, 7.1.26). */
export function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
  return Math.sign(x) * (1 - sum * Math.exp(-x * x))
}

/** The logistic function. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high)
}

const seluAlpha = 1.6732632423543772
const seluScale = 1.0507009873554805

/** The activations that a composed function may stand for. */
const known: readonly (readonly [word: string, apply: (x: number) => number])[] = [
  ['linear', (x) => x],
  ['relu', (x) => Math.max(x, 0)],
  ['relu6', (x) => clamp(x, 0, 6)],
  ['sigmoid', sigmoid],
  ['hardSigmoid', (x) => clamp(x + 3, 0, 6) / 6],
  ['tanh', Math.tanh],
  ['elu', (x) => (x > 0 ? x : Math.expm1(x))],
  ['selu', (x) => seluScale * (x > 0 ? x : seluAlpha * Math.expm1(x))],
  ['silu', (x) => x * sigmoid(x)],
  ['gelu', (x) => 0.5 * x * (1 + erf(x / Math.SQRT2))],
  ['geluTanh', (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))],
  ['hardSwish', (x) => (x * clamp(x + 3, 0, 6)) / 6],
]

const tables = known.map(([word, apply]) => ({ word, values: samples.map(apply) }))

/** The largest difference of two functions at the samples; infinite where one has no value. */
function distance(values: readonly number[], others: readonly number[]): number {
  return values.reduce((most, value, index) => {
    const difference = Math.abs(value - others[index]!) / Math.max(1, Math.abs(others[index]!))
    return difference <= most ? most : Number.isNaN(difference) ? Infinity : difference
  }, 0)
}

/**
 * The activation, in the words of `headActivations`, that a function is. Its values at the samples tell, however a file composes it.
 * @returns null if it is none of those that are known
 */
export function activationOfValues(values: readonly number[]): string | null {
  const slope = -values[samples.indexOf(-1)]!
  const leaky = { word: `leakyRelu:${Number(slope.toPrecision(5))}`, values: samples.map((x) => (x > 0 ? x : slope * x)) }
  let best: { word: string; error: number } | null = null
  // A slope of 0 is relu, one of 1 is linear; both are there already, and come first.
  for (const { word, values: expected } of [...tables, leaky]) {
    const error = distance(values, expected)
    if (error <= tolerance && (best === null || error < best.error - 1e-9)) best = { word, error }
  }
  return best?.word ?? null
}

/** Factor and offset of a function that is x multiply + add; null if it is another. */
export function affineOfValues(values: readonly number[]): { readonly multiply: number; readonly add: number } | null {
  const add = values[samples.indexOf(0)]!
  const multiply = (values.at(-1)! - values[0]!) / (samples.at(-1)! - samples[0]!)
  const error = distance(
    values,
    samples.map((x) => x * multiply + add),
  )
  return error <= 1e-5 && Number.isFinite(multiply) && Number.isFinite(add) ? { multiply, add } : null
}

/** Comparisons and choices that activations are composed of, by TensorFlow's names: SELU is one of them in TensorFlow Lite. */
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
