import type { Naming } from './naming.js'
import { pytorchNaming } from './pytorch.js'

/**
 * The state dict of a MobileNetV2 in PyTorch whose modules are called `stem_conv`, `layers` and `last_conv`. The tutorial that this project
 * began with uses these names. `reasons` calls the naming `note`.
 */
export const noteNaming: Naming = pytorchNaming(
  { name: 'note', framework: 'PyTorch', recipe: 'torchvision', modules: ['stem_conv', 'layers', 'last_conv'] },
  ({ part, block, expands }) => {
    const residual = `layers.${block - 1}.residual`
    const separable = `${residual}.${expands ? 1 : 0}`
    switch (part) {
      case 'stem':
        return ['stem_conv.0', 'stem_conv.1']
      case 'expand':
        return [`${residual}.0.0`, `${residual}.0.1`]
      case 'depthwise':
        return [`${separable}.depthwise.0`, `${separable}.depthwise.1`]
      case 'project':
        return [`${separable}.pointwise.0`, `${separable}.pointwise.1`]
      case 'head':
        return ['last_conv.0', 'last_conv.1']
      default:
        throw new Error(`unknown part ${part satisfies never}`)
    }
  },
)
