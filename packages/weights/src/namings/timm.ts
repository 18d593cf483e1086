import type { Naming } from './naming.js'
import { pytorchNaming } from './pytorch.js'

/**
 * The state dict of timm's `mobilenetv2_*` (`timm/models/efficientnet.py` and `_efficientnet_blocks.py`), with the deeper ones (`110d`,
 * `120d`). timm numbers blocks within stages (`blocks.2.1`); here they are numbered from the first to the last.
 */
export const timmNaming: Naming = pytorchNaming(
  {
    name: 'timm',
    framework: 'PyTorch',
    recipe: 'timm',
    modules: ['conv_stem', 'bn1', 'blocks', 'conv_head', 'bn2'],
    stages: { pattern: /^blocks\.(\d+)\.(\d+)\./, flat: (block) => `blocks.${block}.` },
  },
  ({ part, block, expands }) => {
    const inverted = `blocks.${block - 1}`
    switch (part) {
      case 'stem':
        return ['conv_stem', 'bn1']
      case 'expand':
        return [`${inverted}.conv_pw`, `${inverted}.bn1`]
      case 'depthwise':
        return [`${inverted}.conv_dw`, `${inverted}.${expands ? 'bn2' : 'bn1'}`]
      case 'project':
        return expands ? [`${inverted}.conv_pwl`, `${inverted}.bn3`] : [`${inverted}.conv_pw`, `${inverted}.bn2`]
      case 'head':
        return ['conv_head', 'bn2']
      default:
        throw new Error(`unknown part ${part satisfies never}`)
    }
  },
)
