// The numbers that backends compute with, made from the scales of a file as XNNPACK makes them.
import {
  type Activation,
  type IntegerActivation,
  type IntegerAddition,
  type IntegerInput,
  type IntegerPool,
  type Preprocessing,
  roundToEven,
  type Shape,
} from '@mobilenetv2/spec'
import type { StoredActivation } from './stored-integers.js'

/** The least and the greatest value that an activation function gives. */
export type Bounds = readonly [least: number, most: number]

/** The limits of XNNPACK. Beyond them LiteRT uses kernels that round in another way. */
export const limits: { readonly multiplier: number; readonly addition: Bounds; readonly pool: Bounds } = {
  multiplier: 256,
  addition: [2 ** -10, 2 ** 8],
  pool: [2 ** -8, 2 ** 7],
}

/** The bounds of the activation functions that an operator of integers can contain. */
export const boundsOf: Readonly<Record<Activation, Bounds>> = {
  linear: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  relu: [0, Number.POSITIVE_INFINITY],
  relu6: [0, 6],
}

const { fround } = Math

/** The activation without its zero point. */
export function withoutZeroPoint({ scale, least, most }: StoredActivation): IntegerActivation {
  return { scale, least, most }
}

/**
 * An activation clamped to the bounds of an activation function. As in XNNPACK, the bounds are computed in float32 as stored integers, and
 * then the zero point is subtracted.
 */
export function clamped(activation: StoredActivation, [least, most]: Bounds): StoredActivation {
  const { scale, zeroPoint } = activation
  const held = (bound: number): number => {
    const stored = fround(fround(bound / scale) + zeroPoint)
    return roundToEven(Math.min(Math.max(stored, activation.least + zeroPoint), activation.most + zeroPoint)) - zeroPoint
  }
  return { ...activation, least: held(least), most: held(most) }
}

/**
 * How a normalised picture becomes integers.
 * @param takesLevels whether the file takes the levels of a picture and not floats; level 0 is then the least integer of the tensor
 */
export function inputIntegers(
  input: StoredActivation,
  takesLevels: boolean,
  { mean, deviation }: Pick<Preprocessing, 'mean' | 'deviation'>,
): IntegerInput {
  const channels = [0, 1, 2]
  return {
    ...withoutZeroPoint(input),
    factor: channels.map((channel) => fround(takesLevels ? 255 * deviation[channel]! : 1 / input.scale)),
    offset: channels.map((channel) => (takesLevels ? fround(255 * mean[channel]! + input.least) : 0)),
  }
}

/** The multiplier of a channel's sums, from the scales of input, kernel and output: a float32. */
export function multiplierOf(input: number, kernel: number, output: number): number {
  return fround(fround(input * kernel) / output)
}

/** The exponent of a positive float32. */
function exponentOf(value: number): number {
  const bits = new DataView(new ArrayBuffer(4))
  bits.setFloat32(0, value)
  return (bits.getUint32(0) >>> 23) - 127
}

/** How a residual is added, as in XNNPACK's `vadd` for 8 bits, with multipliers of 21 bits. Null if the scales are too far apart. */
export function additionOf(own: IntegerActivation, residual: IntegerActivation, output: StoredActivation): IntegerAddition | null {
  const ratios = [fround(own.scale / output.scale), fround(residual.scale / output.scale)] as const
  const [least, end] = limits.addition
  if (ratios.some((ratio) => ratio < least || ratio >= end)) return null
  const shift = 20 - exponentOf(Math.max(...ratios))
  const [ownMultiplier, residualMultiplier] = [roundToEven(ratios[0] * 2 ** shift), roundToEven(ratios[1] * 2 ** shift)]
  return { ownMultiplier, residualMultiplier, shift, output: withoutZeroPoint(output) }
}

/** The mean over a map of `height` x `width`, as TensorFlow Lite's MEAN computes it. Null if the scales are too far apart. */
export function meanOf(
  input: StoredActivation,
  output: StoredActivation,
  { height, width }: Pick<Shape, 'height' | 'width'>,
): IntegerPool | null {
  const ratio = fround(input.scale / output.scale)
  const [least, most] = limits.pool
  if (ratio < least || ratio > most) return null
  const positions = height * width
  const multiplier = fround(ratio * fround(1 / positions))
  const offset = fround(output.zeroPoint - fround(fround(positions * input.zeroPoint) * multiplier))
  return {
    kind: 'pool',
    inputZeroPoint: input.zeroPoint,
    rounding: { by: 'multiplier', multiplier, offset, zeroPoint: output.zeroPoint },
    output: withoutZeroPoint(output),
  }
}
