import {
  type Architecture,
  defineMobileNetV1,
  defineMobileNetV2,
  type MobileNetV2Options,
  type PaddingConvention,
} from '@mobilenetv2/spec'
import { headArchitectures } from '@mobilenetv2/testing'

const small: MobileNetV2Options = { widthMultiplier: 0.35, height: 64, width: 64, classes: 10 }

function v2(title: string, options: MobileNetV2Options): [string, Architecture] {
  return [title, defineMobileNetV2({ ...small, ...options })]
}

function families(padding: PaddingConvention): [string, Architecture][] {
  return [
    v2(`64 x 64, ${padding}`, { padding }),
    v2(`33 x 47, ${padding}`, { padding, height: 33, width: 47 }),
    v2(`97 x 32, ${padding}`, { padding, height: 97, width: 32 }),
    v2(`odd rows and even columns, ${padding}`, { padding, height: 35, width: 48 }),
    v2(`one pixel left, ${padding}`, { padding, height: 32, width: 32 }),
    [
      `MobileNetV1 at 49 x 64, ${padding}`,
      defineMobileNetV1({ widthMultiplier: 0.25, height: 49, width: 64, classes: 10, padding }),
    ],
  ]
}

/** Networks, each with a title, on which an exported model is compared with the reference executor. */
export const architectures: readonly (readonly [title: string, architecture: Architecture])[] = [
  ...families('symmetric'),
  ...families('same'),
  v2('ReLU6 bottlenecks', { bottleneckActivation: 'relu6' }),
  v2('no residuals', { residual: 'none' }),
  v2('residuals between expansions', { residual: 'expansion' }),
  v2('ReLU6 bottlenecks and residuals between expansions', {
    bottleneckActivation: 'relu6',
    residual: 'expansion',
    padding: 'same',
  }),
  v2('channels not rounded', { channelDivisor: 1, stemChannels: 3, headChannels: 5 }),
  v2('one class', { classes: 1 }),
  v2('a table of one row, and a large map to pool', { table: [[1.5, 5, 2, 1]], height: 41, width: 66 }),
  ...headArchitectures,
]

/** The networks for whose activations TensorFlow Lite has operators. */
export const tfliteArchitectures = architectures.filter(([, { layers }]) => layers.every(({ activation }) => activation !== 'selu'))
