import type { Naming } from './naming.js'
import { pytorchNaming } from './pytorch.js'

/**
 * The state dict of `MobileNetV2ForImageClassification` in transformers (`modeling_mobilenet_v2.py`), with the weights of TF-slim. Its
 * `conv_stem` is the first convolution and the block without expansion. Its layers begin with the block after that.
 */
const huggingfaceV2: Naming = pytorchNaming(
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
      default:
        throw new Error(`unknown part ${part satisfies never}`)
    }
  },
)

/**
 * The state dict of `MobileNetV1ForImageClassification` (`modeling_mobilenet_v1.py`). Its layers alternate between depthwise and pointwise.
 */
const huggingfaceV1: Naming = pytorchNaming(
  { name: 'huggingface', framework: 'TensorFlow', recipe: 'huggingface' },
  ({ part, block }) => {
    const path = part === 'stem' ? 'conv_stem' : `layer.${2 * (block - 1) + (part === 'depthwise' ? 0 : 1)}`
    return [`${path}.convolution`, `${path}.normalization`]
  },
)

export const huggingfaceNamings: readonly Naming[] = [huggingfaceV2, huggingfaceV1]
