import type { Naming } from './naming.js'
import { pytorchNaming } from './pytorch.js'

/** The state dict of d-li14's `mobilenetv2.pytorch` (`models/imagenet/mobilenetv2.py`): a block is one sequence, activations counted. */
export const dli14Naming: Naming = pytorchNaming(
  { name: 'd-li14', framework: 'PyTorch', recipe: 'torchvision', modules: ['features', 'conv'] },
  ({ part, block, expands }) => {
    const at = (index: number) => [`features.${block}.conv.${index}`, `features.${block}.conv.${index + 1}`] as const
    const depthwise = expands ? 3 : 0
    switch (part) {
      case 'stem':
        return ['features.0.0', 'features.0.1']
      case 'expand':
        return at(0)
      case 'depthwise':
        return at(depthwise)
      case 'project':
        return at(depthwise + 3)
      case 'head':
        return ['conv.0', 'conv.1']
      default:
        throw new Error(`unknown part ${part satisfies never}`)
    }
  },
)
