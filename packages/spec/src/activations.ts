import { refuseOption } from './check-options.js'

/** Every `Activation`. */
export const activations = ['linear', 'relu', 'relu6'] as const

/**
 * The activation of a convolution. `linear` leaves x as it is (the linear bottleneck of section 3.2 of the paper), `relu6` is
 * min(max(x, 0), 6), and `relu` is max(x, 0), which some published models have in place of `relu6`.
 */
export type Activation = (typeof activations)[number]

/** Every `HeadActivation` except `leakyRelu`, whose name carries a slope. */
export const headActivations = [
  'linear',
  'relu',
  'relu6',
  'sigmoid',
  'tanh',
  'elu',
  'selu',
  'silu',
  'gelu',
  'geluTanh',
  'hardSwish',
] as const

/**
 * The activation of a dense layer in a head. `gelu` is the exact function, and `geluTanh` its approximation by tanh. `hardSwish` is
 * x relu6(x + 3) / 6. `leakyRelu:0.3` has the slope 0.3 below 0. The function `activate` computes them.
 */
export type HeadActivation = (typeof headActivations)[number] | `leakyRelu:${number}`

/**
 * Whether an activation of a head is one that convolutions can have too.
 * @example
 * ```ts
 * import { isActivation } from '@mobilenetv2/spec'
 *
 * isActivation('relu6') // => true
 * isActivation('gelu') // => false
 * ```
 */
export function isActivation(activation: HeadActivation): activation is Activation {
  return activations.some((name) => name === activation)
}

/**
 * Whether a text is a `HeadActivation`.
 * @example
 * ```ts
 * import { isHeadActivation } from '@mobilenetv2/spec'
 *
 * isHeadActivation('leakyRelu:0.1') // => true
 * ```
 */
export function isHeadActivation(text: string): text is HeadActivation {
  const [, slope] = /^leakyRelu:(\S+)$/.exec(text) ?? []
  return slope === undefined ? headActivations.some((name) => name === text) : Number.isFinite(Number(slope))
}

/**
 * Checks an option whose value is a `HeadActivation`.
 * @throws MobileNetV2Error `OPTION` if the value is another text
 * @internal
 */
export function headActivationOption(name: string, value: string): HeadActivation {
  return isHeadActivation(value)
    ? value
    : refuseOption(name, value, `one of ${headActivations.join(', ')}, or leakyRelu: and a slope`)
}

/**
 * The slope of a `leakyRelu` below 0; NaN if the name carries no number.
 * @internal
 */
export function leakyReluSlope(activation: `leakyRelu:${number}`): number {
  return Number(activation.slice('leakyRelu:'.length))
}
