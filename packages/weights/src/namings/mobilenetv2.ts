import type { Layouts } from '../layout.js'
import type { Naming, Position } from './naming.js'

/** The layouts of the definition itself. */
const definitionLayouts: Layouts = { convolution: 'HWIO', pointwise: 'IO', depthwise: 'HWC', dense: 'IO' }

function layerId({ part, block }: Position): string {
  return block === 0 ? part : `block${block}.${part}`
}

/**
 * This project's own names, which `toSafetensors` writes: each layer's id with `kernel` and `bias`, BatchNorm folded. The file's
 * metadata describe the network, so `framework` and `recipe` are not used.
 */
export const mobilenetv2Naming: Naming = {
  name: 'mobilenetv2',
  framework: 'PyTorch',
  recipe: 'torchvision',
  layouts: definitionLayouts,
  tensors: (position) => ({ kernel: `${layerId(position)}.kernel`, bias: `${layerId(position)}.bias`, batchNorm: null }),
  hidden: (index) => ({ kernel: `dense${index}.kernel`, bias: `dense${index}.bias`, batchNorm: null }),
  ignored: /$^/,
}
