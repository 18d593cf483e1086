import { type Architecture, isSamePadding, isWeighted, type Layer, type LayerId, type Padding } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { factsFrom } from '../facts/facts.js'
import type { RecipeName } from '../facts/recipes.js'
import { usualFacts } from '../facts/usual-facts.js'
import { type Graph, type GraphOperator, isWeightedOperator } from '../graph/graph.js'
import type { Framework, LayerTensorNames } from '../namings/naming.js'
import { bodyOfGraph } from './body-of-graph.js'
import { factsOfGraph } from './graph-facts.js'
import { describe, extents, kernelOf } from './graph-operators.js'
import { headOfGraph } from './head-of-graph.js'
import type { CheckpointMatch } from './match-checkpoint.js'
import { optionsOfShapes } from './options-of-shapes.js'
import { isMobileNetV1, mapChannels } from './skeleton.js'
import { mapReason } from './total-stride.js'

/** Whether an operator pads as a layer does. Where both frameworks pad alike, a file may say SAME whichever it is of. */
function samePadding(operator: 'same' | Padding, layer: Layer): boolean {
  const windowed = 'padding' in layer
  if (operator === 'same') return !windowed || isSamePadding(layer)
  const zeros = windowed ? layer.padding : { top: 0, bottom: 0, left: 0, right: 0 }
  return (['top', 'bottom', 'left', 'right'] as const).every((side) => operator[side] === zeros[side])
}

function expectation(layer: Layer, architecture: Architecture): string {
  if (!isWeighted(layer)) return `${layer.id}: ${layer.kind}`
  const window = 'kernelSize' in layer ? ` ${layer.kernelSize} x ${layer.kernelSize}` : ''
  const inputs = layer.kind === 'depthwise' ? '' : `${layer.kernelShape.at(-2)} to `
  const stride = 'stride' in layer ? layer.stride : 1
  const padding = 'padding' in layer ? `${architecture.padding} (${Object.values(layer.padding).join(', ')})` : '0'
  return `${layer.id}: ${layer.kind}${window}, ${inputs}${layer.biasLength} channels, stride ${stride}, padding ${padding}, ${layer.activation}${layer.residual === null ? '' : `, added to ${layer.residual}`}`
}

/** Whether an operator computes what a layer does. */
function agrees(
  checkpoint: Checkpoint,
  operator: GraphOperator,
  layer: Layer,
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
    samePadding(operator.padding, layer) &&
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
  { operators, repeatsInput }: Graph,
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
    if (operator === undefined || !agrees(checkpoint, operator, layer, idOf)) {
      throw new CheckpointError(`The graph's operator is not the architecture's layer ${layer.id}.`, {
        expected: expectation(layer, architecture),
        got: describe(checkpoint, operator),
      })
    }
    if (!isWeightedOperator(operator)) continue
    const { kernel, layout, bias, batchNorm, inputBatchNorm } = operator
    const unit = layer.kind === 'pointwise' || layer.kind === 'dense' ? unitAxes(layout) : layout
    named.set(layer.id, {
      kernel,
      layout: unit,
      bias,
      batchNorm,
      inputBatchNorm: inputBatchNorm ?? undefined,
      ...(layer.id === 'stem' && repeatsInput === true ? { takesGrey: true } : {}),
    })
  }
  return named
}

/**
 * Checks the size of an input that the graph leaves open. Keras then pads as for even extents, whatever the size is.
 * @throws CheckpointError if a map has an odd extent, for which SAME pads in another way
 */
function checkOpenSize(graph: Graph, found: ReadonlyMap<LayerId, GraphOperator>, architecture: Architecture): void {
  const { input } = graph
  const { input: size, layers, padding } = architecture
  if (padding !== 'same' || (input.height !== null && input.width !== null)) return
  for (const layer of layers) {
    const operator = found.get(layer.id)
    if (operator === undefined || !isWeightedOperator(operator) || !('padding' in layer) || operator.stride !== 2) continue
    if (operator.padding === 'same' || samePadding(operator.padding, layer)) continue
    throw new CheckpointError('This model was saved for pictures of any size, and agrees only for some.', {
      expected: `a height and width that are multiples of ${strideOf(graph)}: the model pads as for maps of even extents`,
      got: `${size.height} x ${size.width}`,
      remedy: `Give such a size, as in { architecture: { height: 224, width: 224 } }, or save the model for its own size.`,
    })
  }
}

/** What the strides of a graph multiply to. */
function strideOf({ operators }: Graph): number {
  return operators.reduce((product, operator) => product * (isWeightedOperator(operator) ? operator.stride : 1), 1)
}

/** The layout of a pointwise or dense kernel: H and W become axes of length one. */
function unitAxes(layout: string): string {
  return layout.replace('H', '1').replace('W', '1')
}

/**
 * The framework whose padding a graph uses. Only strided operators tell, because both frameworks pad alike at stride 1.
 * TensorFlow's SAME pads less, or nothing, at the top and on the left. At odd extents it pads as PyTorch does, so SAME tells only if no
 * operator has zeros that are not SAME.
 */
function frameworkOf({ operators }: Graph): Framework {
  const pads = operators.flatMap((operator) => (isWeightedOperator(operator) && operator.stride > 1 ? [operator.padding] : []))
  const zeros = pads.filter((padding) => padding !== 'same')
  if (zeros.some(({ top, bottom, left, right }) => bottom > top || right > left)) return 'TensorFlow'
  return zeros.length < pads.length && !zeros.some(({ top }) => top > 0) ? 'TensorFlow' : 'PyTorch'
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
  const stride = strideOf(graph)
  const size = mapSide === null ? undefined : { height: mapSide * stride, width: mapSide * stride }
  return {
    options,
    classes: head.classes,
    naming: 'structural',
    conventions: (known) => usualFacts({ framework, recipe: recipeOf(checkpoint, framework) }, known.size, head.classes),
    facts: {
      ...factsFrom({ pool: head.pool === 'none' ? undefined : head.pool }, 'the graph says so'),
      ...factsFrom({ size }, mapSide === null ? '' : mapReason(mapSide, stride)),
      ...factsOfGraph(graph, framework, isMobileNetV1(body)),
    },
    reasons: ["naming structural: the graph's operators, in their order, are those of a MobileNet", ...reasons],
    tensorsOf: (architecture) => {
      checkOpenSize(graph, layers, architecture)
      return layersOfGraph(checkpoint, graph, layers, architecture)
    },
  }
}
