import type { Padding } from '@mobilenetv2/spec'
import { CheckpointError } from '../checkpoint-error.js'
import { type BatchNormNames, type Graph, type GraphOperator, isWeightedOperator, type WeightedOperator } from './graph.js'
import type { GraphNode } from './node.js'
import { sortNodes } from './sort-nodes.js'
import { refuseTwoPools } from './two-pools.js'

type Growing = { -readonly [Key in keyof WeightedOperator]: WeightedOperator[Key] }

/** An activation: the operator that gives it (-1 for the input), and what the next operator must absorb. */
interface Flow {
  readonly operator: number
  /** Zeros around it. */
  readonly padding: Padding | null
  /** A BatchNorm that could not join an operator before it. */
  readonly batchNorm: BatchNormNames | null
}

/** The activations that are x times a function of x. */
const gated: ReadonlyMap<string, string> = new Map([
  ['sigmoid', 'silu'],
  ['hardSigmoid', 'hardSwish'],
])

/** A BatchNorm that changes nothing. */
const nothing: BatchNormNames = { gamma: null, beta: null, mean: null, variance: null, epsilon: null }

const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 }

/** Two paddings as one. */
function addPadding(outer: Padding, inner: Padding): Padding {
  return {
    top: outer.top + inner.top,
    bottom: outer.bottom + inner.bottom,
    left: outer.left + inner.left,
    right: outer.right + inner.right,
  }
}

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
 * Turns the nodes of a file into a chain of operators. Biases, BatchNorms and activations join the convolution before them, an addition
 * becomes its `residual`, and a scaling of the input becomes `inputScaling`. A BatchNorm after an activation or a pool joins the dense
 * layer after it.
 * @param nodes in any order
 * @throws CheckpointError if the nodes are not a chain from `input.name`, or the parts of a layer have another order
 */
export function assembleGraph(input: Graph['input'], nodes: readonly GraphNode[]): Graph {
  const operators: GraphOperator[] = []
  const start: Flow = { operator: -1, padding: null, batchNorm: null }
  const flows = new Map<string, Flow>([[input.name, start]])
  /** The last activation of each operator. A shortcut can take no other. */
  const outcomes: Flow[] = []
  let current = start
  let inputScaling: Graph['inputScaling'] = null
  let endsIn: Graph['endsIn'] = null
  let repeatsInput = false

  const advance = (output: string, flow: Flow): void => {
    current = flow
    if (flow.operator >= 0) outcomes[flow.operator] = flow
    flows.set(output, flow)
  }
  const latest = ({ inputs, output, kind }: Pick<GraphNode, 'inputs' | 'output' | 'kind'>): Flow => {
    if (endsIn !== null && kind !== 'same') notAChain(output, `${kind} after the softmax`)
    if (flows.get(inputs[0]) !== current) notAChain(output, `${kind} of an earlier activation`)
    return current
  }
  /** The operator that a bias, BatchNorm or activation can join, because it has none of the later parts yet; null if there is none. */
  const open = (node: GraphNode): Growing | null => {
    const { operator, padding, batchNorm } = latest(node)
    const last = operators[operator]
    const isOpen = last !== undefined && isWeightedOperator(last) && padding === null && batchNorm === null
    return isOpen && last.activation === 'linear' && last.residual === null ? last : null
  }
  const joined = (node: GraphNode): Growing => open(node) ?? notAChain(node.output, `${node.kind} that follows no convolution`)
  const stay = (output: string): void => advance(output, { operator: operators.length - 1, padding: null, batchNorm: null })

  for (const node of sortNodes(nodes, input.name)) {
    const { output } = node
    switch (node.kind) {
      case 'convolution':
      case 'depthwise':
      case 'dense': {
        const { padding: before, batchNorm } = latest(node)
        if (batchNorm !== null && node.kind !== 'dense') notAChain(output, 'a BatchNorm that follows no convolution')
        if (before !== null && node.padding === 'same') notAChain(output, 'a convolution with two paddings')
        const { kind, kernel, layout, bias, stride, activation } = node
        const own = node.padding === 'valid' ? noPadding : node.padding
        const padding = before === null || own === 'same' ? own : addPadding(before, own)
        const last = operators.at(-1)
        const isVector = last !== undefined && (!isWeightedOperator(last) || last.kind === 'dense')
        operators.push({
          kind: kind === 'convolution' && isVector ? 'dense' : kind,
          ...{ name: output, kernel, layout, bias, batchNorm: null, inputBatchNorm: batchNorm, stride, padding, activation },
          residual: null,
        })
        stay(output)
        break
      }
      case 'bias': {
        const operator = open(node)
        if (operator === null) {
          const { operator: from, padding, batchNorm: before } = latest(node)
          if (from < 0 || padding !== null) notAChain(output, 'bias that follows no convolution')
          if (before !== null && before.beta !== null) notAChain(output, 'a second bias')
          advance(output, { operator: from, padding: null, batchNorm: { ...(before ?? nothing), beta: node.tensor } })
          break
        }
        const { bias, batchNorm } = operator
        if (batchNorm !== null && batchNorm.beta === null) operator.batchNorm = { ...batchNorm, beta: node.tensor }
        else if (bias === null && batchNorm === null) operator.bias = node.tensor
        else notAChain(output, 'a second bias')
        stay(output)
        break
      }
      case 'batchNorm': {
        const operator = open(node)
        if (operator !== null && operator.batchNorm === null) {
          operator.batchNorm = node.tensors
          stay(output)
          break
        }
        const { operator: from, padding, batchNorm } = latest(node)
        if (from < 0 || padding !== null || batchNorm !== null) notAChain(output, 'a second BatchNorm')
        advance(output, { operator: from, padding: null, batchNorm: node.tensors })
        break
      }
      case 'activation':
        joined(node).activation = node.activation
        stay(output)
        break
      case 'multiply': {
        const { operator } = latest({ ...node, inputs: [node.inputs.find((name) => flows.get(name) === current) ?? ''] })
        const last = operators[operator]
        const other = node.inputs.map((name) => flows.get(name)).find((flow) => flow !== current)
        const activation = last !== undefined && isWeightedOperator(last) ? gated.get(last.activation) : undefined
        if (activation === undefined || other?.operator !== operator) notAChain(output, 'a product of two activations')
        operators[operator] = { ...(last as WeightedOperator), activation }
        stay(output)
        break
      }
      case 'add': {
        const [left, right] = node.inputs.map((name) => flows.get(name)!) as [Flow, Flow]
        const shortcut = left === current ? right : left
        const last = operators[current.operator]
        const isLatest = left === current || right === current
        if (!isLatest || shortcut === current || shortcut.operator < 0 || outcomes[shortcut.operator] !== shortcut) {
          notAChain(output, 'an addition of other than the latest and an earlier activation')
        }
        if (last === undefined || !isWeightedOperator(last) || last.residual !== null) notAChain(output, 'a second addition')
        operators[current.operator] = { ...last, residual: shortcut.operator }
        stay(output)
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
        advance(output, start)
        break
      }
      case 'repeat':
        if (latest(node).operator !== -1 || repeatsInput) notAChain(output, 'a repetition inside of the network')
        repeatsInput = true
        advance(output, start)
        break
      case 'pad': {
        const flow = latest(node)
        if (flow.padding !== null || flow.batchNorm !== null) notAChain(output, 'two paddings')
        advance(output, { ...flow, padding: node.padding })
        break
      }
      case 'globalAveragePool':
      case 'globalMaxPool': {
        const before = operators[current.operator]
        if (flows.get(node.inputs[0]) !== current && before !== undefined && !isWeightedOperator(before)) {
          refuseTwoPools('one pool', `two, at ${output}`)
        }
        const { padding, batchNorm } = latest(node)
        if (padding !== null) notAChain(output, 'a pool of a padded activation')
        // A mean can be taken before or after a BatchNorm. A maximum cannot, if a scale is negative.
        if (batchNorm !== null && node.kind === 'globalMaxPool') notAChain(output, 'a maximum of a BatchNorm')
        operators.push({ kind: node.kind, name: output })
        advance(output, { operator: operators.length - 1, padding: null, batchNorm })
        break
      }
      case 'softmax':
        latest(node)
        endsIn = 'softmax'
        flows.set(output, current)
        break
      case 'same':
        flows.set(output, flows.get(node.inputs[0])!)
        break
      default:
        throw new Error(`unknown node ${node satisfies never}`)
    }
  }
  if (current.batchNorm !== null) notAChain(operators.at(-1)?.name ?? input.name, 'a BatchNorm at its end')
  const last = operators.at(-1)
  if (endsIn === null && last?.kind === 'dense' && last.activation === 'sigmoid') {
    operators[operators.length - 1] = { ...last, activation: 'linear' }
    endsIn = 'sigmoid'
  }
  return { input, inputScaling, ...(repeatsInput ? { repeatsInput } : {}), operators, endsIn }
}
