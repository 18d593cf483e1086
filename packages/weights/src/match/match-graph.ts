import {
  type Architecture,
  activations,
  type HeadLayer,
  isWeighted,
  type Layer,
  type LayerId,
  type Padding,
} from '@mobilenetv2/spec'
import type { Checkpoint, StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { RecipeName } from '../facts/recipes.js'
import { usualFacts } from '../facts/usual-facts.js'
import { type Graph, type GraphOperator, isWeightedOperator, type WeightedOperator } from '../graph/graph.js'
import { extentOf, storedShape } from '../layout.js'
import type { Framework, LayerTensorNames } from '../namings/naming.js'
import { factsOfGraph } from './graph-facts.js'
import type { CheckpointMatch } from './match-checkpoint.js'
import { optionsOfShapes } from './options-of-shapes.js'
import type { Skeleton, SkeletonBlock } from './skeleton.js'

/** The tensor of an operator's kernel. */
function kernelOf(checkpoint: Checkpoint, { name, kernel }: WeightedOperator): StoredTensor {
  const tensor = checkpoint.tensors.get(kernel)
  if (tensor === undefined) {
    throw new CheckpointError('The kernel of an operator is not in the file.', {
      tensor: kernel,
      expected: `the kernel of ${name}`,
      got: 'nothing',
    })
  }
  return tensor
}

/** The window, input and output channels of an operator's kernel; null if no layer of a MobileNetV2 has such a kernel. */
function extents(tensor: StoredTensor, { kind, layout }: WeightedOperator): { size: number; input: number; output: number } | null {
  const extent = (letter: string): number | null => extentOf(tensor, layout, letter)
  if (kind === 'dense') {
    const [input, output] = [extent('I'), extent('O')]
    const unit = ['H', 'W'].every((letter) => !layout.includes(letter) || extent(letter) === 1)
    return input === null || output === null || !unit ? null : { size: 1, input, output }
  }
  const [height, width] = [extent('H'), extent('W')]
  const output = extent(kind === 'depthwise' ? 'C' : 'O')
  const input = kind === 'depthwise' ? output : extent('I')
  return height === null || height !== width || input === null || output === null ? null : { size: height, input, output }
}

function describe(checkpoint: Checkpoint, operator: GraphOperator | undefined): string {
  if (operator === undefined) return 'the end of the graph'
  if (!isWeightedOperator(operator)) return `a ${operator.kind} (${operator.name})`
  const { kind, layout, stride, activation, padding, residual, name } = operator
  const zeros = padding === 'same' ? 'same' : Object.values(padding).join(', ')
  return `${kind} [${kernelOf(checkpoint, operator).shape.join(', ')}] (${layout}), stride ${stride}, padding ${zeros}, ${activation}${residual === null ? '' : `, added to operator ${residual}`} (${name})`
}

/**
 * The channels that a graph's operators give: a convolution, blocks of an expansion (or none), a depthwise and a projection, a
 * convolution, the pool and dense layers, of which the last is the classifier. A network without its top ends at the pool or before it.
 * @throws CheckpointError at the first operator that a MobileNetV2 does not have at that place
 */
function skeletonOfGraph(checkpoint: Checkpoint, graph: Graph): Skeleton {
  let next = 0
  const refuse = (expected: string): never => {
    throw new CheckpointError('The graph is not that of a MobileNetV2.', {
      expected: `${expected} as operator ${next}`,
      got: describe(checkpoint, graph.operators[next]),
    })
  }
  const take = (
    kind: WeightedOperator['kind'],
    expected: string,
  ): { size: number; input: number; output: number; stride: number; activation: string } => {
    const operator = graph.operators[next]
    if (operator === undefined || operator.kind !== kind) return refuse(expected)
    const found = extents(kernelOf(checkpoint, operator), operator)
    if (found === null) return refuse(expected)
    next += 1
    return { ...found, stride: operator.stride, activation: operator.activation }
  }
  const isAt = (offset: number, kind: GraphOperator['kind']): boolean => graph.operators[next + offset]?.kind === kind

  const stem = take('convolution', 'the first convolution').output
  const blocks: SkeletonBlock[] = []
  let input = stem
  while (isAt(0, 'depthwise') || isAt(1, 'depthwise')) {
    if (!isAt(0, 'depthwise')) take('convolution', 'an expansion')
    const depthwise = take('depthwise', 'a depthwise convolution')
    const { output } = take('convolution', 'a projection')
    blocks.push({ input, expanded: depthwise.output, output, stride: depthwise.stride })
    input = output
  }
  const head = take('convolution', 'the last convolution').output
  const atEnd = (): boolean => next === graph.operators.length
  if (!atEnd() && !isAt(0, 'globalAveragePool')) refuse('the global average pool')
  if (!atEnd()) next += 1
  const hidden: HeadLayer[] = []
  while (isAt(1, 'dense')) {
    const { output, activation } = take('dense', 'a dense layer')
    const known = activations.find((name) => name === activation)
    if (known === undefined) {
      throw new CheckpointError('A dense layer before the classifier has an activation that is not known.', {
        expected: activations.join(', '),
        got: `${activation}, at operator ${next - 1}`,
      })
    }
    hidden.push({ units: output, activation: known })
  }
  const classes = atEnd() ? 0 : take('dense', 'the classifier').output
  if (!atEnd()) refuse('the end of the graph')
  return { stem, blocks, head, hidden, classes, repetitions: null }
}

/** Whether an operator pads as a layer does. At stride 1 both frameworks pad as TensorFlow's SAME. */
function samePadding(operator: 'same' | Padding, layer: Layer, architecture: Architecture): boolean {
  const windowed = 'padding' in layer
  if (operator === 'same') return !windowed || layer.stride === 1 || architecture.padding === 'same'
  const zeros = windowed ? layer.padding : { top: 0, bottom: 0, left: 0, right: 0 }
  return (['top', 'bottom', 'left', 'right'] as const).every((side) => operator[side] === zeros[side])
}

function expectation(layer: Layer, layout: string, architecture: Architecture): string {
  if (!isWeighted(layer)) return `${layer.id}: a global average pool`
  const stride = 'stride' in layer ? layer.stride : 1
  const padding = 'padding' in layer ? `${architecture.padding} (${Object.values(layer.padding).join(', ')})` : '0'
  return `${layer.id}: ${layer.kind} [${storedShape(layer, layout).join(', ')}], stride ${stride}, padding ${padding}, ${layer.activation}${layer.residual === null ? '' : `, added to ${layer.residual}`}`
}

const operatorKinds: Readonly<Record<Layer['kind'], GraphOperator['kind']>> = {
  convolution: 'convolution',
  pointwise: 'convolution',
  depthwise: 'depthwise',
  dense: 'dense',
  globalAveragePool: 'globalAveragePool',
  globalMaxPool: 'globalMaxPool',
}

/** Whether an operator computes what a layer does. */
function agrees(checkpoint: Checkpoint, operator: GraphOperator, index: number, architecture: Architecture): boolean {
  const layer = architecture.layers[index]!
  if (operator.kind !== operatorKinds[layer.kind]) return false
  if (!isWeightedOperator(operator) || !isWeighted(layer)) return true
  const found = extents(kernelOf(checkpoint, operator), operator)
  return (
    found !== null &&
    found.size === ('kernelSize' in layer ? layer.kernelSize : 1) &&
    found.input === layer.input.channels &&
    found.output === layer.output.channels &&
    operator.stride === ('stride' in layer ? layer.stride : 1) &&
    operator.activation === layer.activation &&
    samePadding(operator.padding, layer, architecture) &&
    (operator.residual === null ? null : architecture.layers[operator.residual]?.id) === layer.residual
  )
}

/**
 * Matches a graph's operators, in their order, with an architecture's layers: kind, kernel shape, stride, padding, activation and
 * shortcut of each must agree. Names do not matter.
 * @throws CheckpointError at the first layer that differs from its operator
 */
function layersOfGraph(checkpoint: Checkpoint, graph: Graph, architecture: Architecture): ReadonlyMap<LayerId, LayerTensorNames> {
  const named = new Map<LayerId, LayerTensorNames>()
  architecture.layers.forEach((layer, index) => {
    const operator = graph.operators[index]
    // A network without its top may end before the pool, which has no tensors.
    if (operator === undefined && layer.id === 'pool' && index === architecture.layers.length - 1) return
    if (operator === undefined || !agrees(checkpoint, operator, index, architecture)) {
      const layout = operator === undefined || !isWeightedOperator(operator) ? '' : operator.layout
      throw new CheckpointError(`The graph's operator ${index} is not the architecture's layer.`, {
        expected: expectation(layer, layout, architecture),
        got: describe(checkpoint, operator),
      })
    }
    if (!isWeightedOperator(operator)) return
    const { kernel, layout, bias, batchNorm } = operator
    named.set(layer.id, {
      kernel,
      bias,
      batchNorm,
      layout: layer.kind === 'pointwise' || layer.kind === 'dense' ? unitAxes(layout) : layout,
    })
  })
  if (graph.operators.length > architecture.layers.length) {
    throw new CheckpointError('The graph has more operators than the architecture has layers.', {
      expected: `${architecture.layers.length} operators`,
      got: describe(checkpoint, graph.operators[architecture.layers.length]),
    })
  }
  return named
}

/** The layout of a pointwise or dense kernel: H and W become axes of length one. */
function unitAxes(layout: string): string {
  return layout.replace('H', '1').replace('W', '1')
}

/**
 * The framework whose padding a graph uses. Only strided operators tell, because both frameworks pad alike at stride 1.
 * TensorFlow's SAME pads less, or nothing, at the top and on the left.
 */
function frameworkOf({ operators }: Graph): Framework {
  const pads = operators.flatMap((operator) =>
    isWeightedOperator(operator) && operator.stride > 1 ? [operator.padding] : [],
  )
  return pads.some((padding) => padding === 'same' || padding.bottom > padding.top) ? 'TensorFlow' : 'PyTorch'
}

/** Who is most likely to have published a graph. */
function recipeOf({ format }: Checkpoint, framework: Framework): RecipeName {
  if (format === 'tfjs-graph-model') return 'nsfwjs'
  return framework === 'TensorFlow' ? 'tensorflow' : 'torchvision'
}

/**
 * A match by the graph in the file. The names of its tensors do not matter.
 * @throws CheckpointError if the graph is not that of a MobileNetV2
 */
export function matchGraph(checkpoint: Checkpoint, graph: Graph): CheckpointMatch {
  const skeleton = skeletonOfGraph(checkpoint, graph)
  const { options, reasons } = optionsOfShapes(skeleton)
  const framework = frameworkOf(graph)
  return {
    options,
    classes: skeleton.classes,
    naming: 'structural',
    conventions: (known) => usualFacts({ framework, recipe: recipeOf(checkpoint, framework) }, known.size, skeleton.classes),
    facts: factsOfGraph(graph, framework),
    reasons: ["naming structural: the graph's operators, in their order, are those of a MobileNetV2", ...reasons],
    tensorsOf: (architecture) => layersOfGraph(checkpoint, graph, architecture),
  }
}
