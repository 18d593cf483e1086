import { tensorflowLayouts } from '../layout.js'
import type { Naming, Position } from './naming.js'

const network = 'MobilenetV2'

/** A layer's scope in TF-slim's `mobilenet_v2.py`. */
function scopeOf({ part, block }: Position): string {
  switch (part) {
    case 'stem':
      return `${network}/Conv`
    case 'expand':
    case 'depthwise':
    case 'project':
      return `${network}/expanded_conv${block === 1 ? '' : `_${block - 1}`}/${part}`
    case 'head':
      return `${network}/Conv_1`
    case 'classifier':
      return `${network}/Logits/Conv2d_1c_1x1`
    default:
      throw new Error(`unknown part ${part satisfies never}`)
  }
}

/** The variables of TF-slim's `mobilenet_v2.py`; what its optimizers and its training loop keep beside them is ignored. */
export const slimNaming: Naming = {
  name: 'slim',
  framework: 'TensorFlow',
  recipe: 'tensorflow',
  layouts: { ...tensorflowLayouts, dense: '11IO' },
  tensors(position) {
    const scope = scopeOf(position)
    if (position.part === 'classifier') return { kernel: `${scope}/weights`, bias: `${scope}/biases`, batchNorm: null }
    const [gamma, beta] = [`${scope}/BatchNorm/gamma`, `${scope}/BatchNorm/beta`]
    const [mean, variance] = [`${scope}/BatchNorm/moving_mean`, `${scope}/BatchNorm/moving_variance`]
    const kernel = `${scope}/${position.part === 'depthwise' ? 'depthwise_weights' : 'weights'}`
    return { kernel, bias: null, batchNorm: { gamma, beta, mean, variance, epsilon: null } }
  },
  ignored: /(^|\/)(global_step|RMSProp(_1)?|Momentum|Adam(_1)?|beta[12]_power)$/,
}
