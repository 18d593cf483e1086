import { tensorflowLayouts } from '../layout.js'
import type { Naming, Position } from './naming.js'

/** The scope of a layer, and the name of its kernel there. */
type SlimLayers = (position: Position) => readonly [scope: string, kernel: string]

/** The scopes in TF-slim's `mobilenet_v2.py`. */
const layersOfV2: SlimLayers = ({ part, block }) => {
  switch (part) {
    case 'stem':
      return ['MobilenetV2/Conv', 'weights']
    case 'expand':
    case 'depthwise':
    case 'project': {
      const scope = `MobilenetV2/expanded_conv${block === 1 ? '' : `_${block - 1}`}/${part}`
      return [scope, part === 'depthwise' ? 'depthwise_weights' : 'weights']
    }
    case 'head':
      return ['MobilenetV2/Conv_1', 'weights']
    default:
      throw new Error(`unknown part ${part satisfies never}`)
  }
}

/** The scopes in TF-slim's `mobilenet_v1.py`, which has only these parts. */
const layersOfV1: SlimLayers = ({ part, block }) => {
  if (part === 'stem') return ['MobilenetV1/Conv2d_0', 'weights']
  const scope = `MobilenetV1/Conv2d_${block}`
  return part === 'depthwise' ? [`${scope}_depthwise`, 'depthwise_weights'] : [`${scope}_pointwise`, 'weights']
}

function slimNaming(layersOf: SlimLayers): Naming {
  return {
    name: 'slim',
    framework: 'TensorFlow',
    recipe: 'tensorflow',
    layouts: { ...tensorflowLayouts, dense: '11IO' },
    tensors(position) {
      const [scope, kernel] = layersOf(position)
      const [gamma, beta] = [`${scope}/BatchNorm/gamma`, `${scope}/BatchNorm/beta`]
      const [mean, variance] = [`${scope}/BatchNorm/moving_mean`, `${scope}/BatchNorm/moving_variance`]
      return { kernel: `${scope}/${kernel}`, bias: null, batchNorm: { gamma, beta, mean, variance, epsilon: null } }
    },
  }
}

/** The variables of TF-slim's `mobilenet_v2.py` and `mobilenet_v1.py`. */
export const slimNamings: readonly Naming[] = [layersOfV2, layersOfV1].map(slimNaming)
