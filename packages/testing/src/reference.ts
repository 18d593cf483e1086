import {
  type Architecture,
  checkParameters,
  inputLength,
  type Layer,
  type LayerId,
  MobileNetV2Error,
  type OutputName,
  outputLayerId,
  type Parameters,
  parametersOf,
  type RunOptions,
} from '@mobilenetv2/spec'
import { activate } from '@mobilenetv2/spec/activate'
import { layerSums } from './layer-sums.js'

/** The output of every layer by its id: float64 `[batch, height, width, channels]`, with the residual added. */
export type Activations = ReadonlyMap<LayerId, Float64Array>

/** input [positions, channels] → [1, channels], the mean over the positions */
function globalAveragePool(input: Float64Array, output: Float64Array): void {
  const channels = output.length
  const positions = input.length / channels
  for (let position = 0; position < positions; position++) {
    for (let c = 0; c < channels; c++) output[c]! += input[position * channels + c]! / positions
  }
}

/** input [positions, channels] → [1, channels], the maximum over the positions */
function globalMaxPool(input: Float64Array, output: Float64Array): void {
  const channels = output.length
  output.fill(Number.NEGATIVE_INFINITY)
  for (let i = 0; i < input.length; i++) output[i % channels] = Math.max(output[i % channels]!, input[i]!)
}

function runLayer(layer: Layer, parameters: Parameters, input: Float64Array, output: Float64Array): void {
  switch (layer.kind) {
    case 'convolution':
    case 'depthwise':
    case 'pointwise':
    case 'dense':
      layerSums(layer, input, parametersOf(parameters, layer), output)
      break
    case 'globalAveragePool':
      globalAveragePool(input, output)
      break
    case 'globalMaxPool':
      globalMaxPool(input, output)
      break
    default:
      throw new Error(`unknown layer ${layer satisfies never}`)
  }
}

function size({ height, width, channels }: Layer['output']): number {
  return height * width * channels
}

/**
 * Runs a network layer by layer and keeps the output of each layer. Sums and activations are float64. It is slow and simple, and more exact
 * than any backend.
 * @param input float32 `[batch, height, width, 3]`
 * @throws MobileNetV2Error `INPUT` if the batch or the input's length is wrong; `PARAMETERS` if the parameters do not fit
 */
export function referenceActivations(
  architecture: Architecture,
  parameters: Parameters,
  input: Float32Array,
  options: { readonly batch?: number } = {},
): Activations {
  const { batch = 1 } = options
  checkParameters(architecture, parameters)
  const length = batch * inputLength(architecture)
  if (!(Number.isInteger(batch) && batch >= 1) || input.length !== length) {
    throw new MobileNetV2Error('INPUT', 'The input does not have the length of a batch of pictures.', {
      expected: `a positive whole batch, and ${length} values`,
      got: `batch ${batch}, ${input.length} values`,
    })
  }
  const activations = new Map<LayerId, Float64Array>()
  let before = new Float64Array(input)
  for (const layer of architecture.layers) {
    const after = new Float64Array(batch * size(layer.output))
    for (let picture = 0; picture < batch; picture++) {
      const from = before.subarray(picture * size(layer.input), (picture + 1) * size(layer.input))
      runLayer(layer, parameters, from, after.subarray(picture * size(layer.output), (picture + 1) * size(layer.output)))
    }
    for (let i = 0; i < after.length; i++) after[i] = activate(layer.activation, after[i]!)
    if (layer.residual !== null) {
      const shortcut = activations.get(layer.residual)!
      for (let i = 0; i < after.length; i++) after[i]! += shortcut[i]!
    }
    activations.set(layer.id, after)
    before = after
  }
  return activations
}

/**
 * Runs a network as `CompiledModel.run` does, with `referenceActivations`.
 * @returns the outputs: logits `[batch, classes]`, features `[batch, head channels]`, rounded to float32 only at the end
 * @throws as `referenceActivations`
 */
export function runReference<Output extends OutputName = 'logits'>(
  architecture: Architecture,
  parameters: Parameters,
  input: Float32Array,
  options: Omit<RunOptions<Output>, 'signal'> = {},
): Readonly<Record<Output, Float32Array>> {
  const { batch = 1, outputs = ['logits'] as Output[] } = options
  const activations = referenceActivations(architecture, parameters, input, { batch })
  const results: Partial<Record<Output, Float32Array>> = {}
  for (const name of outputs) results[name] = new Float32Array(activations.get(outputLayerId(architecture, name))!)
  return results as Record<Output, Float32Array>
}
