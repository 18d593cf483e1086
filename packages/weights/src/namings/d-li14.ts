import type { Naming, Position } from './naming.js'
import { type ModulePaths, pytorchNaming } from './pytorch.js'

/** The modules of networks whose first convolution is `features.0`. A block is one Sequential, in which activations count too. */
function paths({ part, block, expands }: Position, head: string): ModulePaths {
  const at = (index: number): ModulePaths => [`features.${block}.conv.${index}`, `features.${block}.conv.${index + 1}`]
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
      return [`${head}.0`, `${head}.1`]
    default:
      throw new Error(`unknown part ${part satisfies never}`)
  }
}

/**
 * The state dicts of d-li14's `mobilenetv2.pytorch` (`models/imagenet/mobilenetv2.py`), and of tonylins's `pytorch-mobilenet-v2`, in which
 * the last convolution is one of the features.
 */
export const dli14Namings: readonly Naming[] = [
  pytorchNaming({ name: 'd-li14', framework: 'PyTorch', recipe: 'torchvision', modules: ['features', 'conv'] }, (position) =>
    paths(position, 'conv'),
  ),
  pytorchNaming({ name: 'tonylins', framework: 'PyTorch', recipe: 'torchvision', modules: ['features'] }, (position) =>
    paths(position, `features.${position.blocks + 1}`),
  ),
]
