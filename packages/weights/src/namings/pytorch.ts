import { pytorchLayouts } from '../layout.js'
import type { LayerTensorNames, Naming, Position } from './naming.js'

/** The paths of a layer's modules: its convolution and its BatchNorm, or its one linear module. */
export type ModulePaths = readonly [convolution: string, batchNorm: string] | readonly [linear: string]

function tensors([module, batchNorm]: ModulePaths): Omit<LayerTensorNames, 'layout'> {
  if (batchNorm === undefined) return { kernel: `${module}.weight`, bias: `${module}.bias`, batchNorm: null }
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
  naming: Pick<Naming, 'name' | 'framework' | 'recipe' | 'stages'>,
  paths: (position: Position) => ModulePaths,
): Naming {
  return {
    ...naming,
    layouts: pytorchLayouts,
    tensors: (position) => tensors(paths(position)),
    ignored: /\.num_batches_tracked$/,
  }
}
