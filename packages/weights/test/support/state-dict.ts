import { defineMobileNetV2, isWeighted, type MobileNetV2Options, type WeightedLayer } from '@mobilenetv2/spec'
import { storedShape } from '../../src/canonical-strides.js'
import type { Checkpoint, StoredTensor } from '../../src/index.js'
import { positions } from '../../src/match/find-networks.js'
import type { Naming } from '../../src/namings/naming.js'

/** How a naming stores the kernel of a layer. */
function layoutOf({ kind }: WeightedLayer, { layouts }: Naming): string {
  return layouts[kind]
}

/** A checkpoint without graph, with the names and layouts of `naming`, for the network that `options` define. All values are 0. */
export function stateDict(naming: Naming, options: MobileNetV2Options): Checkpoint {
  const { layers, classes } = defineMobileNetV2(options)
  const weighted = layers.filter(isWeighted)
  const ids = new Set(weighted.map(({ id }) => id))
  const depthwise = weighted.filter(({ kind }) => kind === 'depthwise')
  const expands = depthwise.map((_, index) => ids.has(`block${index + 1}.expand`))
  const tensors = new Map<string, StoredTensor>()
  const add = (name: string, shape: readonly number[]): void => {
    const count = shape.reduce((product, extent) => product * extent, 1)
    tensors.set(name, { name, shape, dtype: 'float32', bytes: new Uint8Array(4 * count), quantization: null })
  }
  positions({ expands, hasHead: true }).forEach((position, index) => {
    const layer = weighted[index]!
    const { kernel, bias, batchNorm } = naming.tensors(position)
    add(kernel, storedShape(layer, layoutOf(layer, naming)))
    const { gamma, beta, mean, variance } = batchNorm!
    for (const name of [bias, gamma, beta, mean, variance]) if (name !== null) add(name, [layer.biasLength])
  })
  const separator = naming.framework === 'PyTorch' || naming.name === 'huggingface' ? '.' : '/'
  const last = weighted.at(-1)!
  if (classes > 0) {
    add(`classifier${separator}weight`, storedShape(last, layoutOf(last, naming)))
    add(`classifier${separator}bias`, [last.biasLength])
  }
  return { format: 'pytorch', file: 'state-dict', tensors, graph: null, metadata: {} }
}
