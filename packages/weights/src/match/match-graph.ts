import {
  type Architecture,
  type HeadActivation,
  type HeadLayer,
  headActivations,
  isHeadActivation,
  isWeighted,
  type Layer,
  type LayerId,
  type Padding,
} from '@mobilenetv2/spec'
import type { Checkpoint, StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { factsFrom } from '../facts/facts.js'
import type { RecipeName } from '../facts/recipes.js'
import { usualFacts } from '../facts/usual-facts.js'
import { type Graph, type GraphOperator, isWeightedOperator, type WeightedOperator } from '../graph/graph.js'
import { extentOf, storedShape } from '../layout.js'
import type { Framework, LayerTensorNames } from '../namings/naming.js'
import { factsOfGraph } from './graph-facts.js'
import type { CheckpointMatch } from './match-checkpoint.js'
import { optionsOfShapes } from './options-of-shapes.js'
import { isMobileNetV1, mapChannels, type SkeletonBlock, type SkeletonBody, type SkeletonHead } from './skeleton.js'
import { checkStemChannels } from './stem-channels.js'
import { totalStride } from './total-stride.js'

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
    const [input, output] = [extent(layout.includes('P') ? 'P' : 'I'), extent('O')]
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

/** The operators of a graph by the layers that they are, and the channels that they give. */
interface GraphBody {
  readonly body: SkeletonBody
  readonly operators: ReadonlyMap<LayerId, GraphOperator>
  /** The first operator after the body. */
  readonly end: number
}

/** What follows the last map in a graph. */
interface GraphHead {
  readonly head: SkeletonHead
  readonly operators: ReadonlyMap<LayerId, GraphOperator>
  /** Positions along each side of a map that a dense layer takes whole; null if none does, or the file states the size of its input. */
  readonly mapSide: number | null
}

function refuseOperator(checkpoint: Checkpoint, { operators }: Graph, index: number, expected: string): never {
  throw new CheckpointError('The graph is not that of a MobileNetV2.', {
    expected: `${expected} as operator ${index}`,
    got: describe(checkpoint, operators[index]),
  })
}

/**
 * The channels that a graph's operators give up to its last map: a convolution, blocks of an expansion (or none), a depthwise and a
 * projection, and in MobileNetV2 a last convolution, which may be missing.
 * @throws CheckpointError at the first operator that a MobileNetV2 does not have at that place
 */
function bodyOfGraph(checkpoint: Checkpoint, graph: Graph): GraphBody {
  const operators = new Map<LayerId, GraphOperator>()
  let next = 0
  const take = (
    kind: WeightedOperator['kind'],
    id: LayerId,
    expected: string,
  ): { input: number; output: number; stride: number } => {
    const operator = graph.operators[next]
    if (operator === undefined || !isWeightedOperator(operator) || operator.kind !== kind) {
      return refuseOperator(checkpoint, graph, next, expected)
    }
    const found = extents(kernelOf(checkpoint, operator), operator)
    if (found === null) return refuseOperator(checkpoint, graph, next, expected)
    operators.set(id, operator)
    next += 1
    return { ...found, stride: operator.stride }
  }
  const isAt = (offset: number, kind: GraphOperator['kind']): boolean => graph.operators[next + offset]?.kind === kind

  const stem = take('convolution', 'stem', 'the first convolution')
  checkStemChannels(stem.input, kernelOf(checkpoint, operators.get('stem') as WeightedOperator).name)
  const blocks: SkeletonBlock[] = []
  let input = stem.output
  while (isAt(0, 'depthwise') || isAt(1, 'depthwise')) {
    const block = blocks.length + 1
    if (!isAt(0, 'depthwise')) take('convolution', `block${block}.expand`, 'an expansion')
    const depthwise = take('depthwise', `block${block}.depthwise`, 'a depthwise convolution')
    const { output } = take('convolution', `block${block}.project`, 'a projection')
    blocks.push({ input, expanded: depthwise.output, output, stride: depthwise.stride })
    input = output
  }
  const expands = blocks.some(({ input: before, expanded }) => before !== expanded)
  const hasHead = blocks.length === 0 || (expands && isAt(0, 'convolution'))
  const head = hasHead ? take('convolution', 'head', 'the last convolution').output : 0
  const body = { stem: stem.output, blocks, head, repetitions: null }
  if (isMobileNetV1(body)) {
    for (const [id, operator] of [...operators]) {
      if (id.endsWith('.project')) operators.set(id.replace('.project', '.pointwise') as LayerId, operator)
    }
  }
  return { body, operators, end: next }
}

/** Positions of the last map, if the size of the input is known. */
function positionsOf({ input: { height, width } }: Graph): number | null {
  return height === null || width === null ? null : Math.ceil(height / totalStride) * Math.ceil(width / totalStride)
}

/**
 * What follows the last map: dense layers on each of its positions, a pool or none, and dense layers, of which the last is the
 * classifier. A network without its top ends at the pool or before it. Where the map has one position, nothing is pooled.
 * @throws CheckpointError at the first operator that is none of these
 */
function headOfGraph(checkpoint: Checkpoint, graph: Graph, start: number, mapWidth: number): GraphHead {
  const operators = new Map<LayerId, GraphOperator>()
  const positions = positionsOf(graph)
  const dense: { readonly operator: WeightedOperator; readonly output: number; readonly isPosition: boolean }[] = []
  let pool: SkeletonHead['pool'] | null = null
  let mapSide: number | null = null
  let width = mapWidth
  for (const [index, operator] of graph.operators.entries()) {
    if (index < start) continue
    if (!isWeightedOperator(operator)) {
      if (pool !== null) refuseOperator(checkpoint, graph, index, 'one pool')
      pool = operator.kind === 'globalMaxPool' ? 'max' : 'average'
      operators.set('pool', operator)
      continue
    }
    const found = extents(kernelOf(checkpoint, operator), operator)
    if (found === null || found.size !== 1 || operator.kind === 'depthwise' || operator.residual !== null) {
      return refuseOperator(
        checkpoint,
        graph,
        index,
        'a dense layer, or the end of the graph: a network with other layers after its last map is not read,',
      )
    }
    const { input, output } = found
    const known = positions ?? input / width
    const side = Math.sqrt(known)
    if (pool === null && input !== width && input === width * known && (positions !== null || Number.isInteger(side))) {
      pool = 'none'
      if (positions === null) mapSide = side
    } else if (input !== width) {
      return refuseOperator(
        checkpoint,
        graph,
        index,
        `a layer of ${width} inputs${pool === null ? `, or of ${width * (positions ?? 49)} for the whole map` : ''}`,
      )
    }
    dense.push({ operator, output, isPosition: pool === null && positions !== 1 })
    width = output
  }
  const last = dense.at(-1)
  if (last?.isPosition) {
    throw new CheckpointError(
      'The network gives an answer for each position of a picture: it is an object detector, such as FOMO.',
      {
        expected: 'a pool, or a dense layer over the whole map, before the answers',
        got: describe(checkpoint, last.operator),
      },
    )
  }
  const layers = (chosen: typeof dense): HeadLayer[] =>
    chosen.map(({ operator, output }) => ({ units: output, activation: headActivation(operator) }))
  const [onPositions, hidden] = [dense.filter(({ isPosition }) => isPosition), dense.filter(({ isPosition }) => !isPosition)]
  for (const [index, { operator }] of onPositions.entries()) operators.set(`position${index + 1}`, operator)
  for (const [index, { operator }] of hidden.entries()) {
    operators.set(operator === last?.operator ? 'classifier' : `dense${index + 1}`, operator)
  }
  const head = {
    positionLayers: layers(onPositions),
    pool: pool ?? 'average',
    headLayers: layers(hidden.slice(0, -1)),
    classes: last?.output ?? 0,
  }
  return { head, operators, mapSide }
}

function headActivation({ activation, name }: WeightedOperator): HeadActivation {
  if (isHeadActivation(activation)) return activation
  throw new CheckpointError('A dense layer before the classifier has an activation that is not known.', {
    expected: `${headActivations.join(', ')}, or a leaky ReLU`,
    got: `${activation.slice(0, 100)}, at ${name.slice(0, 100)}`,
  })
}

/** Whether an operator pads as a layer does. At stride 1 both frameworks pad as TensorFlow's SAME. */
function samePadding(operator: 'same' | Padding, layer: Layer, architecture: Architecture): boolean {
  const windowed = 'padding' in layer
  if (operator === 'same') return !windowed || layer.stride === 1 || architecture.padding === 'same'
  const zeros = windowed ? layer.padding : { top: 0, bottom: 0, left: 0, right: 0 }
  return (['top', 'bottom', 'left', 'right'] as const).every((side) => operator[side] === zeros[side])
}

function expectation(layer: Layer, layout: string, architecture: Architecture): string {
  if (!isWeighted(layer)) return `${layer.id}: ${layer.kind}`
  const stride = 'stride' in layer ? layer.stride : 1
  const padding = 'padding' in layer ? `${architecture.padding} (${Object.values(layer.padding).join(', ')})` : '0'
  return `${layer.id}: ${layer.kind} [${storedShape(layer, layout).join(', ')}], stride ${stride}, padding ${padding}, ${layer.activation}${layer.residual === null ? '' : `, added to ${layer.residual}`}`
}

/** Whether an operator computes what a layer does. */
function agrees(
  checkpoint: Checkpoint,
  operator: GraphOperator,
  layer: Layer,
  architecture: Architecture,
  idOf: (operator: number) => LayerId | null,
): boolean {
  if (!isWeightedOperator(operator)) return operator.kind === layer.kind
  if (!isWeighted(layer) || (operator.kind === 'depthwise') !== (layer.kind === 'depthwise')) return false
  const found = extents(kernelOf(checkpoint, operator), operator)
  const { height, width, channels } = layer.input
  const inputs = layer.kind === 'dense' ? height * width * channels : channels
  return (
    found !== null &&
    found.size === ('kernelSize' in layer ? layer.kernelSize : 1) &&
    (found.input === inputs || (layer.id === 'stem' && found.input === 1)) &&
    found.output === layer.output.channels &&
    operator.stride === ('stride' in layer ? layer.stride : 1) &&
    operator.activation === layer.activation &&
    samePadding(operator.padding, layer, architecture) &&
    (operator.residual === null ? null : idOf(operator.residual)) === layer.residual
  )
}

/**
 * The tensors of an architecture's layers, after a check that each layer is what its operator computes: kind, kernel shape, stride,
 * padding, activation and shortcut. Names do not matter.
 * @throws CheckpointError at the first layer that differs from its operator
 */
function layersOfGraph(
  checkpoint: Checkpoint,
  { operators }: Graph,
  found: ReadonlyMap<LayerId, GraphOperator>,
  architecture: Architecture,
): ReadonlyMap<LayerId, LayerTensorNames> {
  const ids = new Map([...found].map(([id, operator]) => [operator, id]))
  const idOf = (index: number): LayerId | null => ids.get(operators[index]!) ?? null
  const named = new Map<LayerId, LayerTensorNames>()
  for (const layer of architecture.layers) {
    const operator = found.get(layer.id)
    // A network without its top may end before the pool, and a map of one position needs none.
    if (operator === undefined && layer.kind === 'globalAveragePool') continue
    if (operator === undefined || !agrees(checkpoint, operator, layer, architecture, idOf)) {
      const layout = operator === undefined || !isWeightedOperator(operator) ? '' : operator.layout
      throw new CheckpointError(`The graph's operator is not the architecture's layer ${layer.id}.`, {
        expected: expectation(layer, layout, architecture),
        got: describe(checkpoint, operator),
      })
    }
    if (!isWeightedOperator(operator)) continue
    const { kernel, layout, bias, batchNorm, inputBatchNorm } = operator
    const unit = layer.kind === 'pointwise' || layer.kind === 'dense' ? unitAxes(layout) : layout
    named.set(layer.id, { kernel, layout: unit, bias, batchNorm, inputBatchNorm: inputBatchNorm ?? undefined })
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
  const pads = operators.flatMap((operator) => (isWeightedOperator(operator) && operator.stride > 1 ? [operator.padding] : []))
  return pads.some((padding) => padding === 'same' || padding.bottom > padding.top) ? 'TensorFlow' : 'PyTorch'
}

/** Who is most likely to have published a graph. */
function recipeOf({ format }: Checkpoint, framework: Framework): RecipeName {
  if (format === 'tfjs-graph-model') return 'nsfwjs'
  return framework === 'TensorFlow' ? 'tensorflow' : 'torchvision'
}

/**
 * A match by the graph in the file. The names of its tensors do not matter.
 * @throws CheckpointError if the graph is not that of a MobileNetV2 or V1
 */
export function matchGraph(checkpoint: Checkpoint, graph: Graph): CheckpointMatch {
  const { body, operators, end } = bodyOfGraph(checkpoint, graph)
  const { head, operators: headOperators, mapSide } = headOfGraph(checkpoint, graph, end, mapChannels(body))
  const { options, reasons } = optionsOfShapes(body, head)
  const framework = frameworkOf(graph)
  const layers = new Map([...operators, ...headOperators])
  const size = mapSide === null ? undefined : { height: mapSide * totalStride, width: mapSide * totalStride }
  return {
    options,
    classes: head.classes,
    naming: 'structural',
    conventions: (known) => usualFacts({ framework, recipe: recipeOf(checkpoint, framework) }, known.size, head.classes),
    facts: {
      ...factsFrom({ size }, `a dense layer takes a map of ${mapSide} x ${mapSide}`),
      ...factsOfGraph(graph, framework, isMobileNetV1(body)),
    },
    reasons: ["naming structural: the graph's operators, in their order, are those of a MobileNet", ...reasons],
    tensorsOf: (architecture) => layersOfGraph(checkpoint, graph, layers, architecture),
  }
}
