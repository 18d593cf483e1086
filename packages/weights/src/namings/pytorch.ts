import { pytorchLayouts } from '../layout.js'
import type { LayerTensorNames, Naming, Position } from './naming.js'

/** The paths of a layer's modules. */
export type ModulePaths = readonly [convolution: string, batchNorm: string]

function tensors([module, batchNorm]: ModulePaths): Omit<LayerTensorNames, 'layout'> {
  return {
    kernel: `${module}.weight`,
    bias: null,
    batchNorm: {
      gamma: `${batchNorm}.weight`,
      beta: `${batchNorm}.bias`,
      mean: `${batchNorm}.running_mean`,
      variance: `${batchNorm}.running_var`,
      epsilon: null,
    },
  }
}

/** The naming of a PyTorch module, from the paths of its submodules. */
export function pytorchNaming(
  naming: Pick<Naming, 'name' | 'framework' | 'recipe' | 'stages' | 'modules'>,
  paths: (position: Position) => ModulePaths,
): Naming {
  return {
    ...naming,
    layouts: pytorchLayouts,
    tensors: (position) => tensors(paths(position)),
  }
}
