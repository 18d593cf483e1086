import { type HeadActivation, type HeadLayer, headActivations, isHeadActivation, type LayerId } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { extentIn, mapAxes, slideAxes } from '../graph/axes.js'
import { type Graph, type GraphOperator, isWeightedOperator, type WeightedOperator } from '../graph/graph.js'
import { describe, extents, kernelOf, refuseOperator } from './graph-operators.js'
import type { SkeletonHead } from './skeleton.js'

/** The operators after the last map of a graph. */
export interface GraphHead {
  readonly head: SkeletonHead
  readonly operators: ReadonlyMap<LayerId, GraphOperator>
  /**
   * The length of each side of a map that a dense layer takes as a whole; null if there is no such layer, or the file states the size of
   * its input.
   */
  readonly mapSide: number | null
}

/** The number of positions of the map that the first `count` operators give, if the size of the input is known. */
function positionsOf(checkpoint: Checkpoint, graph: Graph, count: number): number | null {
  const { height, width } = graph.input
  if (height === null || width === null) return null
  let axes = mapAxes('NHWC', { N: 1, C: 1, H: height, W: width })
  for (const [index, operator] of graph.operators.slice(0, count).entries()) {
    const found = isWeightedOperator(operator) ? extents(kernelOf(checkpoint, operator), operator) : null
    if (!isWeightedOperator(operator) || found === null) continue
    const { stride, padding } = operator
    const window = { height: found.size, width: found.size, stride, padding }
    axes = slideAxes(axes, 'NHWC', window, 1) ?? refuseOperator(checkpoint, graph, index, 'a window that its map has room for')
  }
  return extentIn(axes, 'H') * extentIn(axes, 'W')
}

/**
 * Reads the operators after the last map: dense layers on each of its positions, a pool or none, and dense layers, of which the last one is
 * the classifier. A network without its top ends with the pool or before it. A map of one position needs no pool.
 * @throws CheckpointError at the first operator that is none of these
 */
export function headOfGraph(checkpoint: Checkpoint, graph: Graph, start: number, mapWidth: number): GraphHead {
  const operators = new Map<LayerId, GraphOperator>()
  const positions = positionsOf(checkpoint, graph, start)
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
  // A linear layer on the average of all positions gives the average of its outputs at the positions. So the layer of a fully
  // convolutional network may be put after the pool.
  const isAveraged = pool === 'average' && dense.at(-1)?.isPosition && dense.at(-1)?.operator.activation === 'linear'
  if (isAveraged) dense.push({ ...dense.pop()!, isPosition: false })
  const last = dense.at(-1)
  if (last?.isPosition && pool !== null) {
    throw new CheckpointError('The network pools the logits that it gives for each position of a picture, which is not run.', {
      expected: 'an average of logits without an activation, or a pool before the classifier',
      got: `a ${pool === 'max' ? 'maximum' : 'mean'} of ${describe(checkpoint, last.operator)}`,
    })
  }
  if (last?.isPosition) {
    throw new CheckpointError('The network gives logits for each position of a picture: it is an object detector, such as FOMO.', {
      expected: 'a pool, or a dense layer over the whole map, before the answers',
      got: describe(checkpoint, last.operator),
    })
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
    got: `${activation}, at ${name}`,
  })
}
