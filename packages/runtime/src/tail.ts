import {
  type DenseLayer,
  type GlobalMaxPoolLayer,
  type HeadActivation,
  isHeadActivation,
  isWeighted,
  type Layer,
  type LayerId,
  type LayerParameters,
  MobileNetV2Error,
  type Parameters,
  parametersOf,
  type Shape,
} from '@mobilenetv2/spec'
import { activate } from '@mobilenetv2/spec/activate'
import type { Pause } from './pause.js'

/** A layer that runs in JavaScript. */
type TailLayer = GlobalMaxPoolLayer | DenseLayer

/** A layer of the tail, ready to run. */
export interface TailStep {
  readonly id: LayerId
  /** The bytes of the step's copy of its parameters. */
  readonly weightBytes: number
  /** The number of values in the input of one picture. */
  readonly inputLength: number
  /** The number of values in the output of one picture. */
  readonly outputLength: number
  /** Runs the layer on one picture's input `[height, width, channels]`, and fills `output`. */
  run(input: Float32Array, output: Float32Array, pause: Pause): Promise<void>
}

/** How many multiply-adds or comparisons are done between two pauses. */
const workAtOnce = 2 ** 18

function lengthOf({ height, width, channels }: Shape): number {
  return height * width * channels
}

/** A dense layer. Its kernel `[inputs, outputs]` is read row by row, in the order of memory. */
function dense({ kernel, bias }: LayerParameters, activation: HeadActivation): TailStep['run'] {
  const outputs = bias.length
  const rowsAtOnce = Math.ceil(workAtOnce / outputs)
  return async (input, output, pause) => {
    const sums = Float64Array.from(bias)
    for (let row = 0; row < input.length; row++) {
      if (row % rowsAtOnce === 0) await pause()
      const value = input[row]!
      // After a ReLU about half of the values are 0.
      if (value === 0) continue
      const start = row * outputs
      for (let unit = 0; unit < outputs; unit++) sums[unit]! += value * kernel[start + unit]!
    }
    for (let unit = 0; unit < outputs; unit++) output[unit] = activate(activation, sums[unit]!)
  }
}

const globalMaxPool: TailStep['run'] = async (input, output, pause) => {
  const channels = output.length
  const positions = input.length / channels
  const positionsAtOnce = Math.ceil(workAtOnce / channels)
  output.fill(Number.NEGATIVE_INFINITY)
  for (let position = 0; position < positions; position++) {
    if (position % positionsAtOnce === 0) await pause()
    const start = position * channels
    for (let channel = 0; channel < channels; channel++) output[channel] = Math.max(output[channel]!, input[start + channel]!)
  }
}

function isTail(layer: Layer): layer is TailLayer {
  if (layer.residual !== null) return false
  return layer.kind === 'globalMaxPool' || (layer.kind === 'dense' && isHeadActivation(layer.activation))
}

/**
 * The steps of a tail. They copy the parameters, as a backend does.
 * @throws MobileNetV2Error `BACKEND` if a layer is neither a max pool nor a dense layer, has a residual, or has an unknown activation
 */
export function createTail(layers: readonly Layer[], parameters: Parameters): readonly TailStep[] {
  return layers.map((layer) => {
    if (!isTail(layer)) {
      throw new MobileNetV2Error('BACKEND', 'No backend can run this layer at this place of the network.', {
        where: `layer ${layer.id}`,
        expected: 'a max pool, or a dense layer with a known activation, without a residual',
        got: [layer.kind, layer.activation, layer.residual === null ? 'no residual' : `residual ${layer.residual}`].join(', '),
      })
    }
    const { id } = layer
    const lengths = { inputLength: lengthOf(layer.input), outputLength: lengthOf(layer.output) }
    if (!isWeighted(layer)) return { id, ...lengths, weightBytes: 0, run: globalMaxPool }
    const { kernel, bias } = parametersOf(parameters, layer)
    const run = dense({ kernel: kernel.slice(), bias: bias.slice() }, layer.activation)
    return { id, ...lengths, weightBytes: kernel.byteLength + bias.byteLength, run }
  })
}
