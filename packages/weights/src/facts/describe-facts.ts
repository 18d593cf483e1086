import type { Geometry } from '@mobilenetv2/spec'
import type { Fact, Facts } from './facts.js'

function geometryText(geometry: Geometry): string {
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

/** Numbers without the last digits, which come from rounding. */
function numbers(values: readonly number[]): string {
  return values.map((value) => Number(value.toPrecision(6))).join(', ')
}

/** A sentence with its reason for each fact about the architecture and the preprocessing. */
export function describeFacts({
  size,
  stemStride,
  activation,
  padding,
  batchNormEpsilon,
  bottleneckActivation,
  residual,
  pool,
  geometry,
  interpolation,
  mean,
  deviation,
}: Facts): string[] {
  const sentence = <Value>(fact: Fact<Value> | undefined, text: (value: Value) => string): string[] =>
    fact === undefined ? [] : [`${text(fact.value)}: ${fact.reason}`]
  return [
    ...sentence(size, ({ height, width }) => `input ${height} x ${width}`),
    ...sentence(stemStride, (value) => `first convolution of stride ${value}`),
    ...sentence(activation, (value) => `activation ${value}`),
    ...sentence(padding, (value) => `padding ${value}`),
    ...sentence(batchNormEpsilon, (value) => `BatchNorm epsilon ${value}`),
    ...sentence(bottleneckActivation, (value) => `activation after projections ${value}`),
    ...sentence(residual, (value) => `shortcuts ${value}`),
    ...sentence(pool, (value) => `${value} pool`),
    ...sentence(geometry, (value) => `preprocessing ${geometryText(value)}`),
    ...sentence(interpolation, (value) => `interpolation ${value}`),
    ...sentence(mean, (value) => `mean ${numbers(value)}`),
    ...sentence(deviation, (value) => `deviation ${numbers(value)}`),
  ]
}
