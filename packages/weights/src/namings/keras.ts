import { tensorflowLayouts } from '../layout.js'
import type { Naming, Position } from './naming.js'

/** The names of a layer and of its BatchNorm. */
type KerasLayers = (position: Position) => readonly [layer: string, batchNorm: string]

/** The names in `keras/applications/mobilenet_v2.py`. */
const layersOfV2: KerasLayers = ({ part, block }) => {
  const inverted = block === 1 ? 'expanded_conv' : `block_${block - 1}`
  switch (part) {
    case 'stem':
      return ['Conv1', 'bn_Conv1']
    case 'expand':
    case 'depthwise':
    case 'project':
      return [`${inverted}_${part}`, `${inverted}_${part}_BN`]
    case 'head':
      return ['Conv_1', 'Conv_1_bn']
    default:
      throw new Error(`unknown part ${part satisfies never}`)
  }
}

/** The names in `keras/applications/mobilenet.py`, which has only these parts. */
const layersOfV1: KerasLayers = ({ part, block }) => {
  if (part === 'stem') return ['conv1', 'conv1_bn']
  const layer = `conv_${part === 'depthwise' ? 'dw' : 'pw'}_${block}`
  return [layer, `${layer}_bn`]
}

function kerasNaming(layersOf: KerasLayers): Naming {
  return {
    name: 'keras',
    framework: 'TensorFlow',
    recipe: 'tensorflow',
    layouts: tensorflowLayouts,
    tensors(position) {
      const [layer, batchNorm] = layersOf(position)
      const [gamma, beta] = [`${batchNorm}/gamma`, `${batchNorm}/beta`]
      const [mean, variance] = [`${batchNorm}/moving_mean`, `${batchNorm}/moving_variance`]
      return { kernel: `${layer}/kernel`, bias: null, batchNorm: { gamma, beta, mean, variance, epsilon: null } }
    },
  }
}

/** The weights of Keras's `MobileNetV2` and `MobileNet`, as `<layer>/<variable>`. */
export const kerasNamings: readonly Naming[] = [layersOfV2, layersOfV1].map(kerasNaming)
