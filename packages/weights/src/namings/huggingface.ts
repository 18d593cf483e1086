import type { Naming } from './naming.js'
import { pytorchNaming } from './pytorch.js'

/**
 * The state dict of `MobileNetV2ForImageClassification` in transformers (`modeling_mobilenet_v2.py`), which holds TF-slim's weights:
 * the first convolution and the block without expansion are its `conv_stem`, and its layers start with the block after that. The names of all but
 * the classifier have the prefix `mobilenet_v2.`, which those of a `MobileNetV2Model` have not.
 */
export const huggingfaceNaming: Naming = pytorchNaming(
  { name: 'huggingface', framework: 'TensorFlow', recipe: 'huggingface' },
  ({ part, block }) => {
    const normed = (path: string) => [`${path}.convolution`, `${path}.normalization`] as const
    const inverted = block === 1 ? 'conv_stem' : `layer.${block - 2}`
    switch (part) {
      case 'stem':
        return normed('conv_stem.first_conv')
      case 'expand':
        return normed(`${inverted}.expand_1x1`)
      case 'depthwise':
        return normed(`${inverted}.conv_3x3`)
      case 'project':
        return normed(`${inverted}.reduce_1x1`)
      case 'head':
        return normed('conv_1x1')
      case 'classifier':
        return ['classifier']
      default:
        throw new Error(`unknown part ${part satisfies never}`)
    }
  },
)
