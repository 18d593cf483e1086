import { type HeadActivation, MobileNetV2Error } from '@mobilenetv2/spec'

/** Of `erf(x) / x`, by rising powers of x²: numerator and denominator. */
const above = [
  -1.60960333262415e-2, -2.95459980854025e-3, -7.34990630326855e-4, -5.69250639462346e-5, -2.10102402082508e-6, 2.77068142495902e-8,
  -2.72614225801306e-10,
]
const below = [-1.42647390514189e-2, -7.37332916720468e-3, -1.68282697438203e-3, -2.13374055278905e-4, -1.45660718464996e-5]

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0)

/** The error function within 1e-7: the rational approximation of Eigen (`SpecialFunctionsImpl.h`) and XLA, which is flat beyond 4. */
function erf(x: number): number {
  const inside = Math.min(4, Math.max(-4, x))
  const square = inside * inside
  return (inside * polynomial(above, square)) / polynomial(below, square)
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** Klambauer et al., arXiv 1706.02515. */
const selu = { alpha: 1.6732632423543772, scale: 1.0507009873554805 } as const

const functions: Readonly<Record<Exclude<HeadActivation, `leakyRelu:${number}`>, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  sigmoid,
  tanh: Math.tanh,
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  selu: (x) => selu.scale * (x > 0 ? x : selu.alpha * Math.expm1(x)),
  silu: (x) => x * sigmoid(x),
  gelu: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  geluTanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  hardSwish: (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6,
}

/**
 * The function of one value.
 * @throws MobileNetV2Error `BACKEND` if there is none of the name
 */
export function headActivation(name: HeadActivation): (x: number) => number {
  const [kind, slope] = name.split(':')
  if (kind === 'leakyRelu' && slope !== undefined) return (x) => (x > 0 ? x : x * Number(slope))
  if (Object.hasOwn(functions, name)) return functions[name as keyof typeof functions]
  throw new MobileNetV2Error('BACKEND', 'There is no such activation.', { got: name.slice(0, 100) })
}
