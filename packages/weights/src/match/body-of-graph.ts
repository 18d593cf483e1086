import type { LayerId } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { type Graph, type GraphOperator, isWeightedOperator, type WeightedOperator } from '../graph/graph.js'
import { checkStemChannels } from '../stem-channels.js'
import { extents, kernelOf, refuseOperator } from './graph-operators.js'
import { isMobileNetV1, type SkeletonBlock, type SkeletonBody } from './skeleton.js'

/** The operators of a graph by the layers that they are, and the channels that they give. */
export interface GraphBody {
  readonly body: SkeletonBody
  readonly operators: ReadonlyMap<LayerId, GraphOperator>
  /** The first operator after the body. */
  readonly end: number
}

/**
 * The channels that a graph's operators give up to its last map: a convolution, blocks of an expansion (or none), a depthwise and a
 * projection, and in MobileNetV2 a last convolution, which may be missing.
 * @throws CheckpointError at the first operator that a MobileNetV2 does not have at that place
 */
export function bodyOfGraph(checkpoint: Checkpoint, graph: Graph): GraphBody {
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
  const body = { inputChannels: stem.input, stem: stem.output, blocks, head, repetitions: null }
  if (isMobileNetV1(body)) {
    for (const [id, operator] of [...operators]) {
      if (id.endsWith('.project')) operators.set(id.replace('.project', '.pointwise') as LayerId, operator)
    }
  }
  return { body, operators, end: next }
}
