import {
  type Architecture,
  type BatchNorm,
  type BatchNorms,
  isWeighted,
  type LayerId,
  type LayerParameters,
  type Parameters,
  type WeightedLayer,
} from '@mobilenetv2/spec'
import { canonicalKernel } from './canonical-kernel.js'
import { canonicalStrides, channelAxis } from './canonical-strides.js'
import { type Checkpoint, type StoredTensor, valueCount } from './checkpoint.js'
import { CheckpointError } from './checkpoint-error.js'
import type { Budget } from './formats/budget.js'
import type { LayerTensorNames } from './namings/naming.js'
import { channelQuantization, tensorOf, vectorValues } from './values.js'

/** The bits of a float32's exponent. All of them are set in an infinity or NaN, and in no other number. */
const exponent = 0x7f800000

function checkFinite(values: Float32Array, tensor: string): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  let index = 0
  while (index < bits.length && (bits[index]! & exponent) !== exponent) index++
  if (index < bits.length) {
    throw new CheckpointError('A parameter is not a finite number.', {
      tensor,
      got: `${values[index]} at index ${index} of the layer`,
    })
  }
}

/** Whether a tensor's values are bytes times scales, and finite in float32 whatever the bytes are. */
function isOfBytes({ dtype, quantization }: StoredTensor): boolean {
  if ((dtype !== 'int8' && dtype !== 'uint8') || quantization === null) return false
  const { scales, zeroPoints } = quantization
  const farthest = 256 + zeroPoints.reduce((most, zeroPoint) => Math.max(most, Math.abs(zeroPoint)), 0)
  return scales.every((scale) => Math.abs(scale) * farthest < 3e38)
}

/** Parameters whose kernel is computed when it is first used. A backend that computes in the file's integers never uses it. */
function whenAsked(make: () => Float32Array, bias: Float32Array): LayerParameters {
  let kernel: Float32Array | null = null
  return {
    get kernel() {
      kernel ??= make()
      return kernel
    },
    bias,
  }
}

async function layerParameters(
  checkpoint: Checkpoint,
  layer: WeightedLayer,
  tensors: LayerTensorNames,
  epsilon: number,
): Promise<{ parameters: LayerParameters; normalization: BatchNorm | null }> {
  const { batchNorm, inputBatchNorm, layout } = tensors
  const outputs = layer.biasLength
  const stored = tensorOf(checkpoint, tensors.kernel)
  const strides = canonicalStrides(stored, layer, layout)
  const takesGrey = tensors.takesGrey === true
  const isGrey = takesGrey || (layer.id === 'stem' && valueCount(layer.kernelShape) > valueCount(stored.shape))
  const before = tensors.bias === null ? new Float64Array(outputs) : vectorValues(tensorOf(checkpoint, tensors.bias), outputs)
  const others = batchNorm !== null || inputBatchNorm !== undefined || isGrey ? await import('./of-others.js') : null
  const { factor, offset, ...folded } =
    others !== null && batchNorm !== null
      ? others.foldOutput(checkpoint, batchNorm, before, epsilon)
      : { factor: null, offset: before, batchNorm: null }
  const gathered = (): Float32Array => canonicalKernel(stored, strides, channelAxis(layer, layout), factor)
  const biasOf = (): Float32Array => {
    const bias = new Float32Array(offset)
    checkFinite(bias, tensors.bias ?? batchNorm?.beta ?? tensors.kernel)
    return bias
  }
  if (others === null && isOfBytes(stored)) {
    channelQuantization(stored, channelAxis(layer, layout), outputs)
    return { parameters: whenAsked(gathered, biasOf()), normalization: null }
  }
  let kernel = gathered()
  if (others !== null && inputBatchNorm !== undefined) {
    kernel = others.foldInput(checkpoint, inputBatchNorm, layer, epsilon, { kernel, offsets: offset })
  }
  if (others !== null && isGrey) kernel = others.weighGrey(takesGrey ? others.sumChannels(kernel, outputs) : kernel, outputs)
  // Folding the BatchNorm of the input has changed the offsets.
  const bias = biasOf()
  checkFinite(kernel, tensors.kernel)
  // If a BatchNorm of the input was folded too, the BatchNorm of the output alone cannot unfold the kernel.
  return { parameters: { kernel, bias }, normalization: inputBatchNorm === undefined ? folded.batchNorm : null }
}

/**
 * Turns a checkpoint's tensors into the parameters of an architecture: float32, dequantised, in the layouts of `Parameters`, with BatchNorm
 * folded in float64 with the architecture's epsilon. Stored values that need no change become views of the file, whose bytes must not
 * change afterwards.
 * @param tensors the tensor names of each layer with a kernel
 * @returns the parameters, and the BatchNorms that were folded
 * @throws CheckpointError if a tensor is missing, has another shape or is not finite, or they need more than `budget` allows
 */
export async function toParameters(
  checkpoint: Checkpoint,
  tensors: ReadonlyMap<LayerId, LayerTensorNames>,
  { layers, batchNormEpsilon }: Architecture,
  budget: Budget,
): Promise<{ parameters: Parameters; batchNorms: BatchNorms }> {
  const parameters = new Map<LayerId, LayerParameters>()
  const batchNorms = new Map<LayerId, BatchNorm>()
  for (const layer of layers.filter(isWeighted)) {
    // Several layers may share one tensor.
    budget.take(4 * valueCount(layer.kernelShape), layer.id)
    const read = await layerParameters(checkpoint, layer, tensors.get(layer.id)!, batchNormEpsilon)
    parameters.set(layer.id, read.parameters)
    if (read.normalization !== null) batchNorms.set(layer.id, read.normalization)
  }
  return { parameters, batchNorms }
}
