import type { Architecture, WeightedLayer } from '@mobilenetv2/spec'
import { isWeighted } from '@mobilenetv2/spec'
import type { TensorName } from '../../src/training/network.js'

/**
 * What a tensor of a state dict becomes: a tensor of this project, and its layer. The state dict is that of the note's program in PyTorch
 * (docs/network.md).
 */
export interface NoteTensor {
  readonly name: TensorName
  readonly layer: WeightedLayer
}

/** The modules of a layer in the note's state dict: its convolution and its BatchNorm, or its one linear module. */
function modulesOf({ id, block }: WeightedLayer, expands: boolean): readonly [string, string?] {
  const residual = `layers.${Number(block) - 1}.residual`
  const separable = `${residual}.${expands ? 1 : 0}`
  const path = { stem: 'stem_conv', head: 'last_conv', classifier: 'classifier.1' }[id as string]
  if (id === 'classifier') return [path!]
  const last = id.slice(id.indexOf('.') + 1)
  const module = path ?? { expand: `${residual}.0`, depthwise: `${separable}.depthwise`, project: `${separable}.pointwise` }[last]
  return [`${module}.0`, `${module}.1`]
}

/** The tensor of this project for each tensor of the note's state dict. */
export function noteTensors(architecture: Architecture): ReadonlyMap<string, NoteTensor> {
  const layers = architecture.layers.filter(isWeighted)
  const ids = new Set<string>(layers.map(({ id }) => id))
  const tensors = new Map<string, NoteTensor>()
  for (const layer of layers) {
    const [kernel, norm] = modulesOf(layer, ids.has(`block${layer.block}.expand`))
    const add = (theirs: string, ours: string): unknown => tensors.set(theirs, { name: `${layer.id}.${ours}` as TensorName, layer })
    add(`${kernel}.weight`, 'kernel')
    if (norm === undefined) {
      add(`${kernel}.bias`, 'bias')
      continue
    }
    add(`${norm}.weight`, 'gamma')
    add(`${norm}.bias`, 'beta')
    add(`${norm}.running_mean`, 'mean')
    add(`${norm}.running_var`, 'variance')
  }
  return tensors
}

/** PyTorch's `[outputs, inputs / groups, height, width]` (or `[outputs, inputs]`) with the output channel last. */
export function outputChannelLast({ kind }: WeightedLayer, shape: readonly number[], values: Float32Array): Float32Array {
  if (shape.length === 1) return values
  const [outputs = 1, inputs = 1, height = 1, width = 1] = shape
  const window = height * width
  const moved = new Float32Array(values.length)
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let tap = 0; tap < window; tap++) {
        const place = kind === 'depthwise' ? tap * outputs + o : (tap * inputs + i) * outputs + o
        moved[place] = values[(o * inputs + i) * window + tap]!
      }
    }
  }
  return moved
}
