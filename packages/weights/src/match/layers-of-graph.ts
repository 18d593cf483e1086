import { type Architecture, isSamePadding, isWeighted, type Layer, type LayerId, type Padding } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { type Graph, type GraphOperator, isWeightedOperator } from '../graph/graph.js'
import type { LayerTensorNames } from '../namings/naming.js'
import { describe, extents, kernelOf } from './graph-operators.js'

/** Whether an operator has the padding of a layer. If both frameworks pad alike, the file of either may say SAME. */
export function samePadding(operator: 'same' | Padding, layer: Layer): boolean {
  const windowed = 'padding' in layer
  if (operator === 'same') return !windowed || isSamePadding(layer)
  const zeros = windowed ? layer.padding : { top: 0, bottom: 0, left: 0, right: 0 }
  return (['top', 'bottom', 'left', 'right'] as const).every((side) => operator[side] === zeros[side])
}

/** Whether a layer pools a map of one position, which changes nothing. */
export function poolsOnePosition(layer: Layer): boolean {
  return !isWeighted(layer) && layer.input.height * layer.input.width === 1
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
 * The tensors of each layer of an architecture. First each layer is compared with its operator: kind, kernel shape, stride, padding,
 * activation and shortcut. Names do not matter.
 * @throws CheckpointError at the first layer that differs from its operator
 */
export function layersOfGraph(
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
    if (operator === undefined && (layer.kind === 'globalAveragePool' || poolsOnePosition(layer))) continue
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

/** The layout of a pointwise or dense kernel: H and W become axes of length one. */
function unitAxes(layout: string): string {
  return layout.replace('H', '1').replace('W', '1')
}
