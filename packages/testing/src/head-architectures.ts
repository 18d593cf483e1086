import {
  type Architecture,
  defineMobileNetV1,
  defineMobileNetV2,
  type HeadActivation,
  headActivations,
  type MobileNetV2Options,
} from '@mobilenetv2/spec'

/** A body of a few layers, whose last map is 5 x 4. */
const small: MobileNetV2Options = {
  table: [
    [1, 8, 1, 1],
    [6, 12, 2, 2],
  ],
  stemChannels: 8,
  headChannels: 20,
  height: 19,
  width: 16,
  classes: 7,
}

const leaky: readonly HeadActivation[] = ['leakyRelu:0.3', 'leakyRelu:0']

/** Heads such as people train, each with a title: every activation, every pool, and dense layers on each position of the map. */
export const heads: readonly (readonly [title: string, options: MobileNetV2Options])[] = [
  ...[...headActivations, ...leaky].map(
    (activation) => [`a hidden layer with ${activation}`, { headLayers: [{ units: 13, activation }] }] as const,
  ),
  [
    'activations of the body and of the tail in turn',
    {
      headLayers: (['relu', 'gelu', 'relu6', 'tanh'] as const).map((activation) => ({ units: 9, activation })),
    },
  ],
  ['a max pool', { pool: 'max' }],
  ['a max pool of negative values', { pool: 'max', positionLayers: [{ units: 11, activation: 'linear' }] }],
  ['a max pool and no classifier', { pool: 'max', classes: 0 }],
  ['a classifier on the whole map', { pool: 'none' }],
  [
    'hidden layers on the whole map',
    {
      pool: 'none',
      headLayers: [
        { units: 13, activation: 'silu' },
        { units: 9, activation: 'relu' },
      ],
    },
  ],
  [
    'layers of positions before the average pool',
    {
      positionLayers: [
        { units: 11, activation: 'relu' },
        { units: 8, activation: 'relu6' },
      ],
    },
  ],
  ['a layer of positions, then the whole map', { pool: 'none', positionLayers: [{ units: 6, activation: 'relu' }] }],
  ['no head convolution', { headChannels: 0 }],
  ['no head convolution, and the whole map', { headChannels: 0, pool: 'none' }],
  ['no head convolution and no classifier', { headChannels: 0, classes: 0 }],
]

/** Networks with such heads: each of `heads` on a small body, one on a map of one position, and some on MobileNetV1. */
export const headArchitectures: readonly (readonly [title: string, architecture: Architecture])[] = [
  ...heads.map(([title, options]) => [title, defineMobileNetV2({ ...small, ...options })] as const),
  ['a classifier on a map of one position', defineMobileNetV2({ ...small, pool: 'none', height: 4, width: 4 })],
  ...(['average', 'max', 'none'] as const).map((pool): [string, Architecture] => [
    `MobileNetV1, pool ${pool}, with a hidden layer`,
    defineMobileNetV1({
      widthMultiplier: 0.25,
      height: 64,
      width: 64,
      classes: 5,
      padding: 'same',
      pool,
      headLayers: [{ units: 9, activation: 'elu' }],
    }),
  ]),
]
