import { defineMobileNetV2, parameterCount } from '@mobilenetv2/spec'

/** One step of a block: what it does to the channels, and what it costs. */
export interface BlockStep {
  readonly name: string
  readonly input: number
  readonly output: number
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

/** The first block with a shortcut of the published network, out of the definition. */
function invertedResidual(): Block {
  const layers = defineMobileNetV2().layers.filter(({ block }) => block === 3)
  const names = ['1 × 1 expansion', '3 × 3 depthwise', '1 × 1 projection']
  return {
    title: 'Inverted residual',
    text: 'MobileNetV2: narrow ends, a wide middle of cheap depthwise filters, and no ReLU where it is narrow. The shortcut joins the narrow ends.',
    size: layers[0]!.input.height,
    steps: layers.map((layer, index) => ({
      name: names[index]!,
      input: layer.input.channels,
      output: layer.output.channels,
      activation: layer.activation === 'linear' ? 'linear' : 'ReLU6',
      parameters: parameterCount(layer),
      multiplyAdds: layer.multiplyAdds,
    })),
  }
}

/** The bottleneck of ResNet-50's first stage (He et al., arXiv 1512.03385): 256 to 64, 3 x 3 among 64, and back to 256. */
function classicBottleneck(size: number): Block {
  const step = (name: string, kernel: number, input: number, output: number): BlockStep => {
    const weights = kernel * kernel * input * output
    return { name, input, output, activation: 'ReLU', parameters: weights + 2 * output, multiplyAdds: weights * size * size }
  }
  return {
    title: 'Classic bottleneck',
    text: 'ResNet-50: wide ends, a narrow middle of full 3 × 3 filters, ReLU after each. The shortcut joins the wide ends, and memory holds them.',
    size,
    steps: [step('1 × 1 reduction', 1, 256, 64), step('3 × 3 convolution', 3, 64, 64), step('1 × 1 expansion', 1, 64, 256)],
  }
}

const inverted = invertedResidual()

/** Both, at the same height and width. */
export const blocks: readonly Block[] = [inverted, classicBottleneck(inverted.size)]
