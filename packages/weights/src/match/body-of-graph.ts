import type { LayerId } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { type Graph, type GraphOperator, isWeightedOperator, type WeightedOperator } from '../graph/graph.js'
import { checkStemChannels } from '../stem-channels.js'
import { describe, extents, kernelOf, refuseOperator } from './graph-operators.js'
import { isMobileNetV1, type SkeletonBlock, type SkeletonBody } from './skeleton.js'

/** The operators of a graph by layer, and the channels that they give. */
export interface GraphBody {
  readonly body: SkeletonBody
  readonly operators: ReadonlyMap<LayerId, GraphOperator>
  /** The index of the first operator after the body. */
  readonly end: number
}

/**
 * Finds the layer of each operator of a graph, up to the last map: a convolution, blocks of an expansion (or none), a depthwise convolution
 * and a projection, and in MobileNetV2 a last convolution, which may be missing.
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
  refuseConvolutionBefore(checkpoint, graph, stem)
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
  refuseLayersAfter(checkpoint, graph, next)
  const expands = blocks.some(({ input: before, expanded }) => before !== expanded)
  // A convolution whose activation differs from the first one's is a layer on each position of the map.
  const hasHead =
    blocks.length === 0 ||
    (expands && isAt(0, 'convolution') && activationOf(graph.operators[next]) === activationOf(graph.operators[0]))
  const head = hasHead ? take('convolution', 'head', 'the last convolution').output : 0
  const body = { inputChannels: graph.repeatsInput === true ? 1 : stem.input, stem: stem.output, blocks, head, repetitions: null }
  if (isMobileNetV1(body)) {
    for (const [id, operator] of [...operators]) {
      if (id.endsWith('.project')) operators.set(id.replace('.project', '.pointwise') as LayerId, operator)
    }
  }
  return { body, operators, end: next }
}

function activationOf(operator: GraphOperator | undefined): string | null {
  return operator !== undefined && isWeightedOperator(operator) ? operator.activation : null
}

/**
 * Refuses a convolution before the first one of the network, which turns a picture into three channels.
 * @throws CheckpointError if there is one
 */
function refuseConvolutionBefore(checkpoint: Checkpoint, graph: Graph, { input, output }: { input: number; output: number }): void {
  const [first, second] = graph.operators
  if (first === undefined || second === undefined || !isWeightedOperator(second) || second.kind !== 'convolution') return
  if (output !== 3 || (extents(kernelOf(checkpoint, second), second)?.size ?? 1) === 1) return
  throw new CheckpointError('The network has a convolution before the first one of its MobileNet.', {
    expected: 'a MobileNet that takes pictures as they are',
    got: describe(checkpoint, first),
    remedy:
      input === 1
        ? 'Train it with Concatenate()([x, x, x]) in place of this convolution, or with a first convolution of one channel: both are read.'
        : 'Train it without this convolution.',
  })
}

/**
 * Refuses a depthwise convolution after the last map. It looks like one more block, but ends in an activation.
 * @throws CheckpointError if there is one
 */
function refuseLayersAfter(checkpoint: Checkpoint, { operators }: Graph, end: number): void {
  const [depthwise, last] = [operators[end - 2], operators[end - 1]]
  const first = operators.find((_, index) => operators[index - 1]?.kind === 'depthwise')
  if (activationOf(first) !== 'linear' || activationOf(last) === 'linear' || depthwise?.kind !== 'depthwise') return
  throw new CheckpointError('The network has layers after its last map that are not read.', {
    expected: 'a pool and dense layers after the last convolution of a MobileNet',
    got: `${describe(checkpoint, depthwise)}, then ${describe(checkpoint, last)}`,
  })
}
