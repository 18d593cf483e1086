import { bytesPerValue, type Checkpoint, type StoredTensor, type TensorType, valueCount } from './checkpoint.js'
import { CheckpointError } from './checkpoint-error.js'

/** Decodes a 16-bit float with `fractionBits` of fraction. */
function decodeHalf(bits: number, fractionBits: 10 | 7): number {
  const exponentBits = 15 - fractionBits
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1)
  const fraction = (bits & ((1 << fractionBits) - 1)) / 2 ** fractionBits
  const bias = 2 ** (exponentBits - 1) - 1
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias)
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction) * 2 ** (exponent - bias)
}

/** The bytes with an alignment that a typed array needs: a view of the same memory if they have it, else a copy. */
function aligned(bytes: Uint8Array, alignment: number): Uint8Array {
  return bytes.byteOffset % alignment === 0 ? bytes : bytes.slice()
}

/** The numbers of a tensor in their stored type if JavaScript has it, else in a wider type. */
export type Stored = Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint16Array | Uint8Array

function typedArray(bytes: Uint8Array, dtype: Exclude<TensorType, 'bool'>, count: number): Stored {
  const { buffer, byteOffset } = aligned(bytes, bytesPerValue[dtype])
  switch (dtype) {
    case 'float64':
      return new Float64Array(buffer, byteOffset, count)
    case 'float32':
      return new Float32Array(buffer, byteOffset, count)
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, count), (bits) => decodeHalf(bits, 10))
    case 'bfloat16':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, count), (bits) => decodeHalf(bits, 7))
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer, byteOffset, count), Number)
    case 'int32':
      return new Int32Array(buffer, byteOffset, count)
    case 'int16':
      return new Int16Array(buffer, byteOffset, count)
    case 'int8':
      return new Int8Array(buffer, byteOffset, count)
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, count)
    case 'uint8':
      return new Uint8Array(buffer, byteOffset, count)
    default:
      throw new Error(`unknown type ${dtype satisfies never}`)
  }
}

/**
 * The tensor of this name.
 * @throws CheckpointError if there is none
 */
export function tensorOf(checkpoint: Checkpoint, name: string): StoredTensor {
  const tensor = checkpoint.tensors.get(name)
  if (tensor === undefined) throw new CheckpointError('A tensor is missing.', { tensor: name })
  return tensor
}

/**
 * The stored numbers of a tensor in row-major order, not dequantised; a view of the file if its alignment allows. The machine must be
 * little-endian: JavaScript engines with WebAssembly run on such machines only.
 * @throws CheckpointError if the type cannot hold parameters
 */
export function storedNumbers(tensor: StoredTensor): Stored {
  const { dtype, bytes, name, shape } = tensor
  if (dtype === 'bool' || (dtype === 'int64' && tensor.quantization === null)) {
    throw new CheckpointError('A tensor has a type that parameters are not stored in.', {
      tensor: name,
      expected: 'floating-point or quantised integer values',
      got: dtype,
    })
  }
  if (dtype !== 'float64' && dtype !== 'float32' && dtype !== 'float16' && dtype !== 'bfloat16' && tensor.quantization === null) {
    throw new CheckpointError('A tensor of integers has no scale.', { tensor: name, expected: 'a quantisation scale', got: dtype })
  }
  return typedArray(bytes, dtype, valueCount(shape))
}

/**
 * The scale and the zero point of each channel. The channels are the indices of `axis`.
 * @throws CheckpointError if the quantisation has another axis or another number of channels
 */
export function channelQuantization(
  { name, quantization }: StoredTensor,
  axis: number,
  channels: number,
): { scale: (channel: number) => number; zeroPoint: (channel: number) => number } {
  if (quantization === null) return { scale: () => 1, zeroPoint: () => 0 }
  const { scales, zeroPoints } = quantization
  const one = scales.length === 1
  if (!one && (scales.length !== channels || quantization.axis !== axis)) {
    throw new CheckpointError('A tensor is not quantised by its output channel.', {
      tensor: name,
      expected: `one scale, or ${channels} along axis ${axis}`,
      got: `${scales.length} along axis ${quantization.axis}`,
    })
  }
  return {
    scale: (channel) => scales[one ? 0 : channel]!,
    zeroPoint: (channel) => zeroPoints[zeroPoints.length === 1 ? 0 : channel]!,
  }
}

/**
 * A dequantised vector `[channels]` in float64: a bias, or one of the four vectors of a BatchNorm.
 * @throws CheckpointError if its shape is not `[channels]`, or its type cannot hold parameters
 */
export function vectorValues(tensor: StoredTensor, channels: number): Float64Array {
  if (valueCount(tensor.shape) !== channels || tensor.shape.at(-1) !== channels) {
    throw new CheckpointError('A tensor does not have the shape of its layer.', {
      tensor: tensor.name,
      expected: `[${channels}]`,
      got: `[${tensor.shape.join(', ')}]`,
    })
  }
  const stored = storedNumbers(tensor)
  // Without a mapping function the engine copies with its own code, which is fast from the first call on.
  if (tensor.quantization === null) return Float64Array.from(stored)
  const { scale, zeroPoint } = channelQuantization(tensor, tensor.shape.length - 1, channels)
  return Float64Array.from(stored, (value, channel) => (value - zeroPoint(channel)) * scale(channel))
}
