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

function v2(title: string, options: MobileNetV2Options): [string, Architecture] {
  return [title, defineMobileNetV2({ ...small, ...options })]
}

const leaky: readonly HeadActivation[] = ['leakyRelu:0.3', 'leakyRelu:0']

/** Networks with heads as people train them, with a title each: every activation, pool, flattened map and layer of positions. */
export const headArchitectures: readonly (readonly [title: string, architecture: Architecture])[] = [
  ...[...headActivations, ...leaky].map((activation) =>
    v2(`a hidden layer with ${activation}`, { headLayers: [{ units: 13, activation }] }),
  ),
  v2('activations of every kind, one behind the other', {
    headLayers: ['relu' as const, 'gelu' as const, 'relu6' as const, 'tanh' as const].map((activation) => ({
      units: 9,
      activation,
    })),
  }),
  v2('a max pool', { pool: 'max' }),
  v2('a max pool of negative values', { pool: 'max', positionLayers: [{ units: 11, activation: 'linear' }] }),
  v2('a max pool and no classifier', { pool: 'max', classes: 0 }),
  v2('a classifier on the whole map', { pool: 'none' }),
  v2('hidden layers on the whole map', {
    pool: 'none',
    headLayers: [
      { units: 13, activation: 'silu' },
      { units: 9, activation: 'relu' },
    ],
  }),
  v2('layers of positions before the average pool', {
    positionLayers: [
      { units: 11, activation: 'relu' },
      { units: 8, activation: 'relu6' },
    ],
  }),
  v2('a layer of positions, then the whole map', { pool: 'none', positionLayers: [{ units: 6, activation: 'relu' }] }),
  v2('no head convolution', { headChannels: 0 }),
  v2('no head convolution, and the whole map', { headChannels: 0, pool: 'none' }),
  v2('no head convolution and no classifier', { headChannels: 0, classes: 0 }),
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
