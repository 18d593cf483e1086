import {
  checkOptionNames,
  checkParameters,
  choiceOption,
  defineMobileNet,
  float16Bits,
  isWeighted,
  MobileNetV2Error,
  parametersOf,
  type UnsharedBytes,
} from '@mobilenetv2/spec'
import { descriptionKey } from '../checkpoint.js'
import { classesFit } from '../classes-fit.js'
import { scalesSuffix } from '../formats/channel-scales.js'
import { type DescribedNetwork, writeDescription } from '../model-description.js'
import type { Network } from '../network.js'
import { otherClasses } from '../other-classes.js'

/** The type in which kernels are stored. Biases are always float32: they are half a percent of a model. */
export type SafetensorsType = 'F32' | 'F16' | 'I8'

/** The options of `toSafetensors`. */
export interface ToSafetensorsOptions {
  /**
   * The type of the kernels:
   * - `F32`, the default: unchanged
   * - `F16`: rounded to the nearest float16, half of the size
   * - `I8`: rounded to integers, with a scale for each output channel in a tensor `<layer>.kernel.scales`, a quarter of the size
   */
  readonly dtype?: SafetensorsType | undefined
}

interface OutTensor {
  readonly name: string
  readonly dtype: SafetensorsType
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** The types in the order of the file. Tensors with the widest values come first, so that each tensor is aligned to its type. */
const types: readonly SafetensorsType[] = ['F32', 'F16', 'I8']

const largestInteger = 127
const largestFloat16 = 65504

function asBytes({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array | Int8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** A kernel as float16. A value that would become infinity or NaN is refused. */
function toFloat16(kernel: Float32Array, where: string): Uint16Array {
  return Uint16Array.from(kernel, (value, index) => {
    const bits = float16Bits(value)
    if ((bits & 0x7c00) === 0x7c00) {
      throw new MobileNetV2Error('PARAMETERS', 'A parameter does not fit into 16 bits.', {
        where,
        expected: `-${largestFloat16} to ${largestFloat16}`,
        got: `${value} at index ${index}`,
        remedy: "Give the option dtype: 'F32'.",
      })
    }
    return bits
  })
}

/** A kernel `[…, channels]` as integers from -127 to 127, with a scale for each channel: value = scale x integer. */
function quantize(kernel: Float32Array, channels: number, where: string): { integers: Int8Array; scales: Float32Array } {
  const scales = new Float32Array(channels)
  kernel.forEach((value, index) => {
    const channel = index % channels
    scales[channel] = Math.max(scales[channel]!, Math.abs(value) / largestInteger)
  })
  scales.forEach((scale, channel) => {
    if (!Number.isFinite(scale)) throw new MobileNetV2Error('PARAMETERS', 'A parameter is not a finite number.', { where })
    // A channel whose values are zero, or become zero when they are divided, needs a scale nevertheless.
    if (scale === 0) scales[channel] = 1
  })
  return { integers: Int8Array.from(kernel, (value, index) => Math.round(value / scales[index % channels]!)), scales }
}

function kernelTensors(name: string, shape: readonly number[], kernel: Float32Array, dtype: SafetensorsType): OutTensor[] {
  switch (dtype) {
    case 'F32':
      return [{ name, dtype, shape, bytes: asBytes(kernel) }]
    case 'F16':
      return [{ name, dtype, shape, bytes: asBytes(toFloat16(kernel, name)) }]
    case 'I8': {
      const { integers, scales } = quantize(kernel, shape.at(-1)!, name)
      return [
        { name, dtype, shape, bytes: asBytes(integers) },
        { name: name + scalesSuffix, dtype: 'F32', shape: [scales.length], bytes: asBytes(scales) },
      ]
    }
    default:
      throw new Error(`unknown type ${dtype satisfies never}`)
  }
}

/** The parts of a network that a safetensors file contains. */
export type SafetensorsNetwork = DescribedNetwork & Pick<Network, 'parameters'>

/**
 * Writes a network as a safetensors file: for each layer a kernel and a bias, in the layouts of `Parameters`, and all else in
 * `__metadata__`. `readNetwork` reads back what was written. Python's `safetensors` reads the file too.
 * @returns the file
 * @throws MobileNetV2Error `PARAMETERS` if parameters are missing, have another shape or do not fit the type, or if labels or background
 * class belong to another classifier; `OPTION` if an option is unknown or not allowed
 * @example
 * ```ts
 * import { readFile, writeFile } from 'node:fs/promises'
 * import { readNetwork, toSafetensors } from '@mobilenetv2/weights'
 *
 * const network = await readNetwork(await readFile('mobilenet_v2.pth'), { labels: ['cat', 'dog'] })
 * await writeFile('pets.safetensors', toSafetensors(network, { dtype: 'F16' }))
 * ```
 */
export function toSafetensors(network: SafetensorsNetwork, options: ToSafetensorsOptions = {}): UnsharedBytes {
  checkOptionNames(options, ['dtype'])
  const dtype = choiceOption('dtype', options.dtype ?? 'F32', types)
  const { parameters, classes } = network
  const architecture = defineMobileNet(network.options)
  if (!classesFit(classes, architecture.classes)) throw otherClasses(classes, architecture.classes)
  checkParameters(architecture, parameters)
  const tensors = architecture.layers.filter(isWeighted).flatMap((layer) => {
    const { kernel, bias } = parametersOf(parameters, layer)
    return [
      ...kernelTensors(`${layer.id}.kernel`, layer.kernelShape, kernel, dtype),
      { name: `${layer.id}.bias`, dtype: 'F32', shape: [bias.length], bytes: asBytes(bias) } as const,
    ]
  })
  const ordered = types.flatMap((type) => tensors.filter((tensor) => tensor.dtype === type))
  const header: Record<string, object> = { __metadata__: { [descriptionKey]: writeDescription(network) } }
  let length = 0
  for (const { name, dtype: type, shape, bytes } of ordered) {
    header[name] = { dtype: type, shape, data_offsets: [length, length + bytes.length] }
    length += bytes.length
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const start = 8 + Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(start + length).fill(0x20, 8, start)
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true)
  file.set(text, 8)
  let at = start
  for (const { bytes } of ordered) {
    file.set(bytes, at)
    at += bytes.length
  }
  return file
}
