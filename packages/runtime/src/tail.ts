import type { HeadActivation, LayerId, LayerParameters, Parameters, Shape } from '@mobilenetv2/spec'
import { activate, isWeighted, parametersOf } from '@mobilenetv2/spec'
import type { TailLayer } from './body.js'
import type { Pause } from './pause.js'

/** A layer of the tail, ready to run. */
export interface TailStep {
  readonly id: LayerId
  readonly weightBytes: number
  /** Runs the layer on one picture's input `[height, width, channels]`, and fills `output`. */
  run(input: Float32Array, output: Float32Array, pause: Pause): Promise<void>
  /** Values in one picture's input and output. */
  readonly inputLength: number
  readonly outputLength: number
}

/** Rows of a kernel between two looks at the clock. */
const rowsAtOnce = 256

function lengthOf({ height, width, channels }: Shape): number {
  return height * width * channels
}

/** The kernel `[inputs, outputs]` is read row by row, in the order in which it lies in memory. */
function dense({ kernel, bias }: LayerParameters, activation: HeadActivation): TailStep['run'] {
  const outputs = bias.length
  return async (input, output, pause) => {
    const sums = Float64Array.from(bias)
    for (let row = 0; row < input.length; row++) {
      if (row % rowsAtOnce === 0) await pause()
      const value = input[row]!
      // After a ReLU half of a map is zeros.
      if (value === 0) continue
      const start = row * outputs
      for (let unit = 0; unit < outputs; unit++) sums[unit]! += value * kernel[start + unit]!
    }
    for (let unit = 0; unit < outputs; unit++) output[unit] = activate(activation, sums[unit]!)
  }
}

const globalMaxPool: TailStep['run'] = async (input, output) => {
  const channels = output.length
  output.set(input.subarray(0, channels))
  for (let at = channels; at < input.length; at++) {
    const channel = at % channels
    if (!(input[at]! <= output[channel]!)) output[channel] = input[at]!
  }
}

/** The steps of a tail. They hold copies of the parameters, as a backend does. */
export function createTail(layers: readonly TailLayer[], parameters: Parameters): readonly TailStep[] {
  return layers.map((layer) => {
    const { id } = layer
    const lengths = { inputLength: lengthOf(layer.input), outputLength: lengthOf(layer.output) }
    if (!isWeighted(layer)) return { id, ...lengths, weightBytes: 0, run: globalMaxPool }
    const { kernel, bias } = parametersOf(parameters, layer)
    const run = dense({ kernel: kernel.slice(), bias: bias.slice() }, layer.activation)
    return { id, ...lengths, weightBytes: kernel.byteLength + bias.byteLength, run }
  })
}
