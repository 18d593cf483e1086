import { tensorflowLayouts } from '../layout.js'
import type { Naming, Position } from './naming.js'

/** The names of a layer and of its BatchNorm in `keras/applications/mobilenet_v2.py`. */
function layersOf({ part, block }: Position, classifier: string): readonly [layer: string, batchNorm: string | null] {
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
    case 'classifier':
      return [classifier, null]
    default:
      throw new Error(`unknown part ${part satisfies never}`)
  }
}

function kerasNaming(classifier: string): Naming {
  return {
    name: 'keras',
    framework: 'TensorFlow',
    recipe: 'tensorflow',
    layouts: tensorflowLayouts,
    tensors(position) {
      const [layer, batchNorm] = layersOf(position, classifier)
      if (batchNorm === null) return { kernel: `${layer}/kernel`, bias: `${layer}/bias`, batchNorm: null }
      const [gamma, beta] = [`${batchNorm}/gamma`, `${batchNorm}/beta`]
      const [mean, variance] = [`${batchNorm}/moving_mean`, `${batchNorm}/moving_variance`]
      return { kernel: `${layer}/kernel`, bias: null, batchNorm: { gamma, beta, mean, variance, epsilon: null } }
    },
    ignored: /\/seed_generator_state$/,
  }
}

/**
 * The weights of Keras's `MobileNetV2`, as `<layer>/<variable>`: its classifier is `predictions`, `Logits` in its first versions, and
 * `dense` where somebody put one layer of their own on the pool.
 */
export const kerasNamings: readonly Naming[] = ['predictions', 'Logits', 'dense'].map(kerasNaming)
