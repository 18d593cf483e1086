import type { Padding } from '@mobilenetv2/spec'
import { CheckpointError } from '../checkpoint-error.js'
import type { Graph, GraphOperator, WeightedOperator } from './graph.js'
import type { GraphNode } from './node.js'
import { sortNodes } from './sort-nodes.js'

type Growing = { -readonly [Key in keyof WeightedOperator]: WeightedOperator[Key] }

/** An activation on its way: the operator that it comes out of (-1: the input), and zeros put around it. */
interface Flow {
  readonly operator: number
  readonly padding: Padding | null
}

const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 }

function combine(left: readonly number[], right: readonly number[], operation: (a: number, b: number) => number): number[] {
  const length = Math.max(left.length, right.length)
  return Array.from({ length }, (_, index) => operation(left[index % left.length]!, right[index % right.length]!))
}

function notAChain(output: string, got: string): never {
  throw new CheckpointError('The graph is not that of a MobileNetV2.', {
    expected: 'a chain of convolutions with shortcuts that are added',
    got: `${got}, at ${output}`,
  })
}

/**
 * Draws a file's nodes together into a chain of operators: biases, BatchNorm and activations join the convolution before them,
 * an addition becomes its `residual`, and what scales the input becomes `inputScaling`.
 * @param nodes in any order
 * @throws CheckpointError if the nodes are no chain from `input.name`, or joined in another order
 */
export function assembleGraph(input: Graph['input'], nodes: readonly GraphNode[]): Graph {
  const operators: GraphOperator[] = []
  const start: Flow = { operator: -1, padding: null }
  const flows = new Map<string, Flow>([[input.name, start]])
  /** The last flow out of each operator, which the next one must take. */
  const outcomes: Flow[] = []
  let current = start
  let inputScaling: Graph['inputScaling'] = null
  let endsInSoftmax = false

  const advance = (output: string, flow: Flow): void => {
    current = flow
    if (flow.operator >= 0) outcomes[flow.operator] = flow
    flows.set(output, flow)
  }
  const latest = ({ inputs, output, kind }: GraphNode): Flow => {
    if (endsInSoftmax && kind !== 'same') notAChain(output, `${kind} after the softmax`)
    if (flows.get(inputs[0]) !== current) notAChain(output, `${kind} of an earlier activation`)
    return current
  }
  /** The operator that a bias, BatchNorm or activation joins, which has none of the later ones yet. */
  const joined = (node: GraphNode): Growing => {
    const { operator, padding } = latest(node)
    const last = operators[operator]
    if (
      last === undefined ||
      padding !== null ||
      last.kind === 'globalAveragePool' ||
      last.activation !== 'linear' ||
      last.residual !== null
    ) {
      notAChain(node.output, `${node.kind} that follows no convolution`)
    }
    return last
  }

  for (const node of sortNodes(nodes, input.name)) {
    const { output } = node
    switch (node.kind) {
      case 'convolution':
      case 'depthwise':
      case 'dense': {
        const { padding: before } = latest(node)
        if (before !== null && node.padding !== 'valid') notAChain(output, 'a convolution with two paddings')
        const { kind, kernel, layout, bias, stride, activation } = node
        const padding = before ?? (node.padding === 'valid' ? noPadding : node.padding)
        const after = operators.at(-1)?.kind === 'globalAveragePool'
        operators.push({
          kind: kind === 'convolution' && after ? 'dense' : kind,
          ...{ name: output, kernel, layout, bias, batchNorm: null, batchNormEpsilon: null, stride, padding, activation },
          residual: null,
        })
        advance(output, { operator: operators.length - 1, padding: null })
        break
      }
      case 'bias': {
        const operator = joined(node)
        if (operator.bias !== null || operator.batchNorm !== null) notAChain(output, 'a second bias')
        operator.bias = node.tensor
        advance(output, { operator: operators.length - 1, padding: null })
        break
      }
      case 'batchNorm': {
        const operator = joined(node)
        if (operator.batchNorm !== null) notAChain(output, 'a second BatchNorm')
        operator.batchNorm = node.tensors
        operator.batchNormEpsilon = node.epsilon
        advance(output, { operator: operators.length - 1, padding: null })
        break
      }
      case 'activation':
        joined(node).activation = node.activation
        advance(output, { operator: operators.length - 1, padding: null })
        break
      case 'add': {
        const [left, right] = node.inputs.map((name) => flows.get(name)!) as [Flow, Flow]
        const shortcut = left === current ? right : left
        const last = operators[current.operator]
        const isLatest = left === current || right === current
        if (!isLatest || shortcut === current || shortcut.operator < 0 || outcomes[shortcut.operator] !== shortcut) {
          notAChain(output, 'an addition of other than the latest and an earlier activation')
        }
        if (last === undefined || last.kind === 'globalAveragePool' || last.residual !== null)
          notAChain(output, 'a second addition')
        operators[current.operator] = { ...last, residual: shortcut.operator }
        advance(output, { operator: current.operator, padding: null })
        break
      }
      case 'scale': {
        if (latest(node).operator !== -1) notAChain(output, 'a multiplication inside of the network')
        const { multiply, add }: NonNullable<Graph['inputScaling']> = inputScaling ?? { multiply: [1], add: [0] }
        inputScaling = {
          multiply: combine(multiply, node.multiply, (a, b) => a * b),
          add: combine(
            combine(add, node.multiply, (a, b) => a * b),
            node.add,
            (a, b) => a + b,
          ),
        }
        advance(output, { operator: -1, padding: null })
        break
      }
      case 'pad': {
        const { operator, padding } = latest(node)
        if (padding !== null) notAChain(output, 'two paddings')
        advance(output, { operator, padding: node.padding })
        break
      }
      case 'globalAveragePool':
        if (latest(node).padding !== null) notAChain(output, 'a pool of a padded activation')
        operators.push({ kind: 'globalAveragePool', name: output })
        advance(output, { operator: operators.length - 1, padding: null })
        break
      case 'softmax':
        latest(node)
        endsInSoftmax = true
        flows.set(output, current)
        break
      case 'same':
        flows.set(output, flows.get(node.inputs[0])!)
        break
      default:
        throw new Error(`unknown node ${node satisfies never}`)
    }
  }
  return { input, inputScaling, operators, endsInSoftmax }
}
