import { type Architecture, MobileNetV2Error } from '@mobilenetv2/spec'

/** A flatbuffer's offsets are signed 32-bit integers. */
const largestFile = 2 ** 31 - 1

/** More than the names, shapes, options and alignment of any one layer take, in bytes; and of the model itself. */
const overhead = 2048

/**
 * A size that a file will not exceed.
 * @param parameters the bytes that all kernels and biases take, their scales included
 * @throws MobileNetV2Error `PARAMETERS` if the file would be larger than its offsets can tell
 */
export function fileSize(architecture: Architecture, parameters: number): number {
  const bytes = parameters + (architecture.layers.length + 1) * overhead
  if (bytes > largestFile) {
    throw new MobileNetV2Error('PARAMETERS', 'The parameters do not fit into one TFLite file.', {
      expected: `at most ${largestFile} bytes`,
      got: `${bytes} bytes`,
      remedy: 'Write a format that has no such limit, such as a TensorFlow.js graph model in shards.',
    })
  }
  return bytes
}
