import { pytorchLayouts } from '../layout.js'
import type { Naming, Position } from './naming.js'
import { type ModulePaths, pytorchNaming } from './pytorch.js'

/** The modules of torchvision's `mobilenet_v2` (`torchvision/models/mobilenetv2.py`). */
function paths({ part, block, expands, blocks }: Position): ModulePaths {
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
}

export const torchvisionNamings: readonly Naming[] = [
  pytorchNaming({ name: 'torchvision', framework: 'PyTorch', recipe: 'torchvision', modules: ['features'] }, paths),
  {
    // The same after `fuse_model()`: BatchNorm is folded, and a convolution and its ReLU are in one module. PyTorch does not fuse ReLU6.
    ...{ name: 'torchvision', framework: 'PyTorch', recipe: 'torchvision', modules: ['features'], layouts: pytorchLayouts },
    activation: 'relu',
    tensors(position) {
      const [convolution] = paths(position)
      const fused = position.part === 'project' ? convolution : `${convolution}.0`
      return { kernel: `${fused}.weight`, bias: `${fused}.bias`, batchNorm: null }
    },
  },
  {
    // The same in quantisation-aware training: a BatchNorm is inside its convolution. PyTorch does not fuse ReLU6.
    ...pytorchNaming({ name: 'torchvision', framework: 'PyTorch', recipe: 'torchvision', modules: ['features'] }, (position) => {
      const [convolution] = paths(position)
      return [convolution, `${convolution}.bn`]
    }),
    activation: 'relu',
  },
]
