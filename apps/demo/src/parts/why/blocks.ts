import { defineMobileNetV2, type Layer, parameterCount } from '@mobilenetv2/spec'

/** One layer of a block: what it does to the channels, and what it costs. */
export interface BlockStep {
  readonly name: string
  readonly input: number
  readonly output: number
  /** The inputs that each output is summed from: kernel height x kernel width x channels of the input; of one channel if depthwise. */
  readonly inputs: number
  readonly activation: string
  readonly parameters: number
  readonly multiplyAdds: number
}

/** A residual block, for the drawing. */
export interface Block {
  readonly title: string
  readonly text: string
  readonly size: number
  readonly steps: readonly BlockStep[]
}

const names: Readonly<Partial<Record<Layer['kind'], string>>> = { depthwise: '3 × 3 depthwise' }

/** The published network's first block with a shortcut, from the definition. */
function invertedResidual(): Block {
  const layers = defineMobileNetV2().layers.filter(({ block }) => block === 3)
  return {
    title: 'Inverted residual',
    text: 'Narrow ends, a wide middle of cheap depthwise filters, and no ReLU where it is narrow. The shortcut joins the narrow ends.',
    size: layers[0]!.input.height,
    steps: layers.map((layer) => ({
      name: names[layer.kind] ?? (layer.input.channels < layer.output.channels ? '1 × 1 expansion' : '1 × 1 projection'),
      input: layer.input.channels,
      output: layer.output.channels,
      inputs: layer.kind === 'depthwise' ? layer.kernelSize ** 2 : layer.input.channels,
      activation: layer.activation === 'linear' ? 'linear' : 'ReLU6',
      parameters: parameterCount(layer),
      multiplyAdds: layer.multiplyAdds,
    })),
  }
}

/** The bottleneck of ResNet-50's first stage (He et al., arXiv 1512.03385): 256 to 64, 3 x 3 among 64, and back to 256. */
function classicBottleneck(size: number): Block {
  const step = (name: string, kernel: number, input: number, output: number): BlockStep => {
    const inputs = kernel * kernel * input
    const weights = inputs * output
    return {
      name,
      input,
      output,
      inputs,
      activation: 'ReLU',
      parameters: weights + 2 * output,
      multiplyAdds: weights * size * size,
    }
  }
  return {
    title: 'Classic bottleneck',
    text: 'Wide ends, a narrow middle of full 3 × 3 filters, and ReLU after each. The shortcut joins the wide ends, and memory holds them.',
    size,
    steps: [step('1 × 1 reduction', 1, 256, 64), step('3 × 3 convolution', 3, 64, 64), step('1 × 1 expansion', 1, 64, 256)],
  }
}

const inverted = invertedResidual()

/** Both, at the same height and width. */
export const blocks: readonly Block[] = [inverted, classicBottleneck(inverted.size)]

/** A block's multiply-adds. */
export const workOf = ({ steps }: Block): number => steps.reduce((total, { multiplyAdds }) => total + multiplyAdds, 0)

/** A block's parameters. */
export const parametersOf = ({ steps }: Block): number => steps.reduce((total, { parameters }) => total + parameters, 0)
