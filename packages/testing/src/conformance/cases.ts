import {
  type Architecture,
  defineMobileNetV1,
  defineMobileNetV2,
  type MobileNetV1Options,
  type MobileNetV2Options,
  type PaddingConvention,
  paddingConventions,
} from '@mobilenetv2/spec'
import { headArchitectures } from '../head-architectures.js'

/** One network, and the number of pictures in its batch. */
interface ConformanceCase {
  readonly title: string
  readonly architecture: Architecture
  readonly batch: number
}

function square(size: number): { height: number; width: number } {
  return { height: size, width: size }
}

function v2(title: string, options: MobileNetV2Options, batch = 1): ConformanceCase {
  return { title, architecture: defineMobileNetV2({ classes: 10, ...options }), batch }
}

function v1(widthMultiplier: number, size: number, padding: PaddingConvention): ConformanceCase {
  const options: MobileNetV1Options = { widthMultiplier, ...square(size), classes: 10, padding }
  return {
    title: `MobileNetV1 ${widthMultiplier} at ${size} x ${size}, ${padding}`,
    architecture: defineMobileNetV1(options),
    batch: 1,
  }
}

const widths: readonly (readonly [widthMultiplier: number, size: number])[] = [
  [0.35, 96],
  [0.5, 64],
  [0.75, 48],
  [1, 96],
  [1.3, 64],
  [1.4, 32],
]

const sizes: readonly (readonly [height: number, width: number])[] = [
  [33, 33],
  [63, 63],
  [32, 96],
  [97, 45],
]

/** The networks on which every backend is compared with the reference executor: small inputs, and every kind of shape. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...paddingConventions.flatMap((padding) => [
    ...widths.map(([widthMultiplier, size]) =>
      v2(`width ${widthMultiplier} at ${size} x ${size}, ${padding}`, { widthMultiplier, ...square(size), padding }),
    ),
    ...sizes.map(([height, width]) =>
      v2(`${height} x ${width} pixels, ${padding}`, { widthMultiplier: 0.35, height, width, padding }),
    ),
    v2(`a batch of 3, ${padding}`, { widthMultiplier: 0.35, ...square(64), padding }, 3),
    v1(0.25, 64, padding),
    v1(0.35, 49, padding),
    v1(1, 32, padding),
  ]),
  v2('a batch of 3 at an odd size', { widthMultiplier: 0.35, height: 37, width: 51, padding: 'same' }, 3),
  ...[1, 2, 1001, 4099].map((classes) => v2(`${classes} classes`, { widthMultiplier: 0.35, ...square(32), classes })),
  v2('ReLU6 bottlenecks', { widthMultiplier: 0.35, ...square(64), bottleneckActivation: 'relu6' }),
  v2('no residuals', { widthMultiplier: 0.35, ...square(64), residual: 'none' }),
  v2('residuals between expansions', { widthMultiplier: 0.35, ...square(64), residual: 'expansion' }),
  v2('ReLU6 bottlenecks and residuals between expansions', {
    widthMultiplier: 0.5,
    ...square(48),
    bottleneckActivation: 'relu6',
    residual: 'expansion',
  }),
  v2('channels not rounded (divisor 1)', { widthMultiplier: 0.35, ...square(64), channelDivisor: 1 }),
  v2('hidden dense layers before the classifier, with ReLU, ReLU6 and none', {
    widthMultiplier: 0.35,
    ...square(32),
    classes: 5,
    headLayers: [
      { units: 50, activation: 'relu' },
      { units: 33, activation: 'relu6' },
      { units: 16, activation: 'linear' },
    ],
  }),
  v2('no classifier', { widthMultiplier: 0.35, ...square(32), classes: 0 }),
  v2('a stem and a head of few channels', { widthMultiplier: 0.35, ...square(32), stemChannels: 3, headChannels: 5 }),
  ...headArchitectures.map(([title, architecture]) => ({ title, architecture, batch: 2 })),
]
