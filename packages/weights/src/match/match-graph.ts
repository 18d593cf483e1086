import type { Architecture, LayerId } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { factsFrom } from '../facts/facts.js'
import type { RecipeName } from '../facts/recipes.js'
import { usualFacts } from '../facts/usual-facts.js'
import { type Graph, type GraphOperator, isWeightedOperator } from '../graph/graph.js'
import type { Framework } from '../namings/naming.js'
import { bodyOfGraph } from './body-of-graph.js'
import { factsOfGraph } from './graph-facts.js'
import { headOfGraph } from './head-of-graph.js'
import { layersOfGraph, samePadding } from './layers-of-graph.js'
import type { CheckpointMatch } from './match-checkpoint.js'
import { optionsOfShapes } from './options-of-shapes.js'
import { isMobileNetV1, mapChannels } from './skeleton.js'
import { mapReason } from './total-stride.js'

/**
 * Checks the size of an input that the graph leaves open. Keras then writes the padding of even extents, whatever the size is.
 * @throws CheckpointError if a map has an odd extent, whose padding with SAME would be another
 */
function checkOpenSize(graph: Graph, found: ReadonlyMap<LayerId, GraphOperator>, architecture: Architecture): void {
  const { input } = graph
  const { input: size, layers, padding } = architecture
  if (padding !== 'same' || (input.height !== null && input.width !== null)) return
  for (const layer of layers) {
    const operator = found.get(layer.id)
    if (operator === undefined || !isWeightedOperator(operator) || !('padding' in layer) || operator.stride !== 2) continue
    if (operator.padding === 'same' || samePadding(operator.padding, layer)) continue
    throw new CheckpointError('This model was saved for pictures of any size, but is right for some sizes only.', {
      expected: `a height and width that are multiples of ${strideOf(graph)}: the model pads as for maps of even extents`,
      got: `${size.height} x ${size.width}`,
      remedy: `Give such a size, as in { architecture: { height: 224, width: 224 } }, or save the model for its own size.`,
    })
  }
}

/** The product of the strides of a graph. */
function strideOf({ operators }: Graph): number {
  return operators.reduce((product, operator) => product * (isWeightedOperator(operator) ? operator.stride : 1), 1)
}

/**
 * The framework whose padding a graph has. Only strided operators show it, because both frameworks pad alike at stride 1. TensorFlow's SAME
 * pads less, or nothing, at the top and on the left. At odd extents it pads as PyTorch does, so SAME decides only if no operator has zeros
 * that are not SAME.
 */
function frameworkOf({ operators }: Graph): Framework {
  const pads = operators.flatMap((operator) => (isWeightedOperator(operator) && operator.stride > 1 ? [operator.padding] : []))
  const zeros = pads.filter((padding) => padding !== 'same')
  if (zeros.some(({ top, bottom, left, right }) => bottom > top || right > left)) return 'TensorFlow'
  return zeros.length < pads.length && !zeros.some(({ top }) => top > 0) ? 'TensorFlow' : 'PyTorch'
}

/** The publisher that most likely wrote a graph. */
function recipeOf({ format }: Checkpoint, framework: Framework): RecipeName {
  if (format === 'tfjs-graph-model') return 'nsfwjs'
  return framework === 'TensorFlow' ? 'tensorflow' : 'torchvision'
}

/**
 * Matches a file by its graph. The names of its tensors do not matter.
 * @throws CheckpointError if the graph is not that of a MobileNetV2 or MobileNetV1
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
    conventions: (known) => usualFacts({ framework, recipe: recipeOf(checkpoint, framework) }, known, head.classes),
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
