import type { HeadActivation } from './activations.js'
import { type Architecture, isWeighted, type Layer, type WeightedLayer } from './architecture.js'
import { parameterCount } from './costs.js'
import { kernelLength } from './parameters.js'

/** A module of a PyTorch implementation, as torchinfo lists it. */
export interface Module {
  readonly type: string
  /** In PyTorch's order: batch, channels, height, width. */
  readonly shape: readonly number[]
  /** Trained parameters; null if the table shows none for the module. */
  readonly parameters: number | null
  readonly children: readonly Module[]
}

/** torchinfo's three totals. They are sums over the modules that have parameters and no children. */
export interface ModuleTotals {
  readonly parameters: number
  /** A bias counts one multiply-add for each value and picture, and BatchNorm one for each parameter and picture. */
  readonly multiplyAdds: number
  /** The number of values in the modules' outputs. */
  readonly outputValues: number
}

const blockType = { MobileNetV2: 'InvertedBlock', MobileNetV1: 'DepthwiseSeparableBlock' } as const

function shapeOf(layer: Layer, batch: number): readonly number[] {
  const { height, width, channels } = layer.output
  return layer.kind === 'dense' ? [batch, channels] : [batch, channels, height, width]
}

/** PyTorch's names. `leakyRelu` is missing, because its name carries a slope. */
const activationTypes: Readonly<Record<Exclude<HeadActivation, 'linear'>, string>> = {
  relu6: 'ReLU6',
  relu: 'ReLU',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  elu: 'ELU',
  selu: 'SELU',
  silu: 'SiLU',
  gelu: 'GELU',
  geluTanh: 'GELU',
  hardSwish: 'Hardswish',
}

function activationModules(layer: Layer, batch: number): Module[] {
  if (layer.activation === 'linear') return []
  return [{ type: activationTypes[layer.activation] ?? 'LeakyReLU', shape: shapeOf(layer, batch), parameters: null, children: [] }]
}

function convolutionModules(layer: WeightedLayer, batch: number): Module[] {
  const shape = shapeOf(layer, batch)
  const leaf = (type: string, parameters: number | null): Module => ({ type, shape, parameters, children: [] })
  if (!layer.batchNorm) return [leaf('Conv2d', parameterCount(layer)), ...activationModules(layer, batch)]
  return [leaf('Conv2d', kernelLength(layer)), leaf('BatchNorm2d', 2 * layer.biasLength), ...activationModules(layer, batch)]
}

function sequential(layers: readonly Layer[], batch: number, children: readonly Module[]): Module {
  const last = layers.at(-1)
  return { type: 'Sequential', shape: last === undefined ? [] : shapeOf(last, batch), parameters: null, children }
}

function blockModule(architecture: Architecture, layers: readonly Layer[], batch: number): Module {
  const parameters = layers.reduce((total, layer) => total + parameterCount(layer), 0)
  const inner = { ...sequential(layers, batch, []), parameters }
  return { type: blockType[architecture.family], shape: inner.shape, parameters: null, children: [inner] }
}

function topModule(layer: Layer, batch: number): Module {
  const shape = shapeOf(layer, batch)
  if (layer.kind === 'globalAveragePool') return { type: 'AdaptiveAvgPool2d', shape, parameters: null, children: [] }
  if (layer.kind === 'globalMaxPool') return { type: 'AdaptiveMaxPool2d', shape, parameters: null, children: [] }
  if (layer.kind !== 'dense') return sequential([layer], batch, convolutionModules(layer, batch))
  const linear = { type: 'Linear', shape, parameters: parameterCount(layer), children: [] }
  if (layer.id !== 'classifier') return sequential([layer], batch, [linear, ...activationModules(layer, batch)])
  const dropout = { type: 'Dropout', shape: [batch, layer.kernelShape[0]], parameters: null, children: [] }
  return sequential([layer], batch, [dropout, linear])
}

/** The network as a tree of PyTorch modules: stem, blocks, head, pool, classifier. */
export function moduleTree(architecture: Architecture, batch: number): Module {
  const { layers, family } = architecture
  const firstOfBlocks = layers.findIndex((layer) => layer.block !== null)
  const inBlocks = layers.filter((layer) => layer.block !== null)
  const blocks = [...new Set(inBlocks.map((layer) => layer.block))].map((block) =>
    blockModule(
      architecture,
      inBlocks.filter((layer) => layer.block === block),
      batch,
    ),
  )
  const before = layers.slice(0, firstOfBlocks).map((layer) => topModule(layer, batch))
  const after = layers.slice(firstOfBlocks + inBlocks.length).map((layer) => topModule(layer, batch))
  return {
    type: family,
    shape: [batch, layers.at(-1)?.output.channels ?? 0],
    parameters: null,
    children: [...before, sequential(inBlocks, batch, blocks), ...after],
  }
}

/** The totals as torchinfo computes them (its `layer_info.py` and `model_statistics.py`). */
export function moduleTotals(architecture: Architecture, batch: number): ModuleTotals {
  const weighted = architecture.layers.filter(isWeighted)
  const sum = (value: (layer: WeightedLayer) => number): number => weighted.reduce((total, layer) => total + value(layer), 0)
  return {
    parameters: sum(parameterCount),
    multiplyAdds: batch * sum((layer) => layer.multiplyAdds + layer.biasLength * (layer.batchNorm ? 2 : 1)),
    outputValues: batch * sum(({ output, batchNorm }) => output.height * output.width * output.channels * (batchNorm ? 2 : 1)),
  }
}
