import { type Activation, activations } from './activations.js'
import type { DenseLayer, Layer, LayerId, Padding, PaddingConvention, Shape } from './architecture.js'
import type { Complete, MobileNetV1Options } from './options.js'
import { sameAxis } from './same-padding.js'

/** The properties of a layer that do not follow from the layer before it. */
interface Step {
  readonly id: LayerId
  readonly block?: number | null | undefined
  readonly activation: Activation
  readonly residual?: LayerId | null | undefined
}

/** Appends layers one after the other. Each layer takes the output of the layer before it. */
export interface LayerBuilder {
  readonly layers: readonly Layer[]
  /** Shape of the last layer's output. */
  readonly shape: Shape
  convolution(step: Step & { channels: number; kernelSize: number; stride: number }): void
  pointwise(step: Step & { channels: number; batchNorm?: boolean | undefined }): void
  depthwise(step: Step & { kernelSize: number; stride: number }): void
  globalPool(kind: 'globalAveragePool' | 'globalMaxPool', id: LayerId): void
  dense(step: Pick<DenseLayer, 'id' | 'activation'> & { channels: number }): void
}

/** The zeros before and after an axis of `size`, and the length of the output. */
function padAxis(
  size: number,
  kernelSize: number,
  stride: number,
  convention: PaddingConvention,
): { before: number; after: number; output: number } {
  if (convention === 'symmetric') {
    const side = (kernelSize - 1) / 2
    return { before: side, after: side, output: Math.floor((size + 2 * side - kernelSize) / stride) + 1 }
  }
  return sameAxis(size, kernelSize, stride)
}

function pad(
  input: Shape,
  kernelSize: number,
  stride: number,
  convention: PaddingConvention,
): { padding: Padding; height: number; width: number } {
  const rows = padAxis(input.height, kernelSize, stride, convention)
  const columns = padAxis(input.width, kernelSize, stride, convention)
  return {
    padding: { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
    height: rows.output,
    width: columns.output,
  }
}

/** Appends the head, which both families share: position layers, the pool, hidden dense layers, and the classifier if there are classes. */
export function addHead(
  builder: LayerBuilder,
  {
    positionLayers,
    pool,
    headLayers,
    classes,
  }: Pick<Complete<MobileNetV1Options>, 'positionLayers' | 'pool' | 'headLayers' | 'classes'>,
): void {
  positionLayers.forEach(({ units, activation: name }, index) => {
    const activation = activations.find((known) => known === name)!
    builder.pointwise({ id: `position${index + 1}`, channels: units, activation, batchNorm: false })
  })
  if (pool !== 'none') builder.globalPool(pool === 'max' ? 'globalMaxPool' : 'globalAveragePool', 'pool')
  headLayers.forEach(({ units, activation }, index) => {
    builder.dense({ id: `dense${index + 1}`, channels: units, activation })
  })
  if (classes > 0) builder.dense({ id: 'classifier', channels: classes, activation: 'linear' })
}

/** Starts a list of layers at a network's input. */
export function buildLayers(input: Shape, convention: PaddingConvention): LayerBuilder {
  const layers: Layer[] = []
  const last = (): Shape => layers.at(-1)?.output ?? input
  const base = ({ id, block = null, residual = null }: Omit<Step, 'activation'>) => ({ id, block, residual, input: last() })
  return {
    layers,
    get shape() {
      return last()
    },
    convolution({ channels, kernelSize, stride, activation, ...step }) {
      const { padding, height, width } = pad(last(), kernelSize, stride, convention)
      const inputs = last().channels
      layers.push({
        ...base(step),
        kind: 'convolution',
        activation,
        output: { height, width, channels },
        kernelSize,
        stride,
        padding,
        kernelShape: [kernelSize, kernelSize, inputs, channels],
        biasLength: channels,
        batchNorm: true,
        multiplyAdds: height * width * kernelSize * kernelSize * inputs * channels,
      })
    },
    pointwise({ channels, activation, batchNorm = true, ...step }) {
      const { height, width, channels: inputs } = last()
      layers.push({
        ...base(step),
        kind: 'pointwise',
        activation,
        output: { height, width, channels },
        kernelShape: [inputs, channels],
        biasLength: channels,
        batchNorm,
        multiplyAdds: height * width * inputs * channels,
      })
    },
    depthwise({ kernelSize, stride, activation, ...step }) {
      const { padding, height, width } = pad(last(), kernelSize, stride, convention)
      const { channels } = last()
      layers.push({
        ...base(step),
        kind: 'depthwise',
        activation,
        output: { height, width, channels },
        kernelSize,
        stride,
        padding,
        kernelShape: [kernelSize, kernelSize, channels],
        biasLength: channels,
        batchNorm: true,
        multiplyAdds: height * width * kernelSize * kernelSize * channels,
      })
    },
    globalPool(kind, id) {
      layers.push({
        ...base({ id }),
        kind,
        activation: 'linear',
        output: { height: 1, width: 1, channels: last().channels },
        multiplyAdds: 0,
      })
    },
    dense({ id, activation, channels }) {
      const { height, width, channels: each } = last()
      const inputs = height * width * each
      layers.push({
        ...base({ id }),
        kind: 'dense',
        activation,
        output: { height: 1, width: 1, channels },
        kernelShape: [inputs, channels],
        biasLength: channels,
        batchNorm: false,
        multiplyAdds: inputs * channels,
      })
    },
  }
}
