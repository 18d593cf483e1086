import { defineMobileNetV2, type MobileNetV2Options } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import type { RunnableNetwork } from '../../src/index.js'
import { smallest } from './small-options.js'

/** The last map has 2 x 2 positions, for heads that take it whole; the strides multiply to 32. */
const strided: MobileNetV2Options = {
  ...smallest,
  table: [
    [1, 4, 1, 2],
    [2, 4, 1, 2],
    [2, 4, 2, 2],
    [2, 4, 1, 2],
  ],
  stemChannels: 4,
  height: 33,
  width: 33,
}

const variants: readonly MobileNetV2Options[] = [
  { ...smallest, padding: 'same' },
  { ...smallest, padding: 'symmetric' },
  { ...smallest, padding: 'same', residual: 'expansion' },
  { ...smallest, residual: 'none', bottleneckActivation: 'relu6' },
  {
    ...smallest,
    padding: 'same',
    headLayers: [
      { units: 5, activation: 'relu' },
      { units: 4, activation: 'silu' },
    ],
  },
  { ...smallest, pool: 'max', headLayers: [{ units: 4, activation: 'leakyRelu:0.3' }] },
  { ...smallest, padding: 'same', classes: 0 },
  { ...strided, padding: 'same', pool: 'max', positionLayers: [{ units: 6, activation: 'relu6' }] },
  { ...strided, pool: 'none', headLayers: [{ units: 4, activation: 'relu' }] },
]

/** Networks with each kind of edge that a graph of a MobileNetV2 has. */
export const smallNetworks: readonly RunnableNetwork[] = variants.map((options) => {
  const architecture = defineMobileNetV2(options)
  return { architecture, parameters: seededParameters(architecture) }
})
