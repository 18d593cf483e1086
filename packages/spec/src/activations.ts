import { refuseOption } from './check-options.js'

/** Every `Activation`. */
export const activations = ['linear', 'relu', 'relu6'] as const

/**
 * What a convolution can end with. `linear` leaves x as it is (the linear bottleneck of section 3.2 of the paper); `relu` is max(x, 0),
 * with which others have trained; `relu6` is min(max(x, 0), 6).
 */
export type Activation = (typeof activations)[number]

/** Every `HeadActivation` but `leakyRelu`, which has a slope. */
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
 * What a dense layer of a head can end with. `gelu` is exact, and `geluTanh` is its approximation. `hardSwish` is x relu6(x + 3) / 6.
 * `leakyRelu:0.3` has the slope 0.3 below 0. `activate` computes them.
 */
export type HeadActivation = (typeof headActivations)[number] | `leakyRelu:${number}`

/** Whether an activation of a head is one that convolutions have too. */
export function isActivation(activation: HeadActivation): activation is Activation {
  return activations.some((name) => name === activation)
}

/** Whether a text is a `HeadActivation`. */
export function isHeadActivation(text: string): text is HeadActivation {
  const [, slope] = /^leakyRelu:(\S+)$/.exec(text) ?? []
  return slope === undefined ? headActivations.some((name) => name === text) : Number.isFinite(Number(slope))
}

/**
 * An option that is a `HeadActivation`.
 * @throws MobileNetV2Error `OPTION` if it is another text
 */
export function headActivationOption(name: string, value: string): HeadActivation {
  return isHeadActivation(value)
    ? value
    : refuseOption(name, value, `one of ${headActivations.join(', ')}, or leakyRelu: and a slope`)
}

/** The slope of a `leakyRelu` below 0; NaN if the activation has none. */
export function leakyReluSlope(activation: `leakyRelu:${number}`): number {
  return Number(activation.slice('leakyRelu:'.length))
}
