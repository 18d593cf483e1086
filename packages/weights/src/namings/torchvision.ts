import type { Naming } from './naming.js'
import { pytorchNaming } from './pytorch.js'

/** The state dict of torchvision's `mobilenet_v2` (`torchvision/models/mobilenetv2.py`). */
export const torchvisionNaming: Naming = pytorchNaming(
  { name: 'torchvision', framework: 'PyTorch', recipe: 'torchvision', modules: ['features'] },
  ({ part, block, expands, blocks }) => {
    const inverted = `features.${block}.conv`
    const first = expands ? 1 : 0
    switch (part) {
      case 'stem':
        return ['features.0.0', 'features.0.1']
      case 'expand':
        return [`${inverted}.0.0`, `${inverted}.0.1`]
      case 'depthwise':
        return [`${inverted}.${first}.0`, `${inverted}.${first}.1`]
      case 'project':
        return [`${inverted}.${first + 1}`, `${inverted}.${first + 2}`]
      case 'head':
        return [`features.${blocks + 1}.0`, `features.${blocks + 1}.1`]
      default:
        throw new Error(`unknown part ${part satisfies never}`)
    }
  },
)
