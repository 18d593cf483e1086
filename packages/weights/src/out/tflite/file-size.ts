import { type Architecture, MobileNetV2Error } from '@mobilenetv2/spec'

/** Most bytes of a file: the offsets of a flatbuffer are signed 32-bit integers. */
const largestFile = 2 ** 31 - 1

/** Bytes that are allowed for the names, shapes, options and alignment of each layer, and for the model itself. No layer needs as many. */
const overhead = 2048

/**
 * A number of bytes that the file will not exceed.
 * @param parameters bytes of all kernels and biases, with their scales
 * @throws MobileNetV2Error `PARAMETERS` if the file would be larger than its offsets allow
 */
export function fileSize(architecture: Architecture, parameters: number): number {
  const bytes = parameters + (architecture.layers.length + 1) * overhead
  if (bytes > largestFile) {
    throw new MobileNetV2Error('PARAMETERS', 'The parameters do not fit into one file of TensorFlow Lite.', {
      expected: `at most ${largestFile} bytes`,
      got: `${bytes} bytes`,
      remedy: 'Write a format without this limit, such as a TensorFlow.js graph model.',
    })
  }
  return bytes
}
