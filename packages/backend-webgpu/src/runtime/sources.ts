import { checkInput } from '@mobilenetv2/runtime'
import { type Architecture, brandOf, inputLength, MobileNetV2Error } from '@mobilenetv2/spec'
import { bufferUsage } from '../device/flags.js'
import type { WebGpuInput } from '../model.js'
import { checkPicture } from '../picture.js'
import type { Source } from './engine.js'

/** WebGPU's default limit of a texture's sides. */
const mostTextureSide = 8192

function refuseInput(batch: number, { height, width, channels }: Architecture['input'], got: string): never {
  throw new MobileNetV2Error('INPUT', 'The input does not fit the architecture and the option batch.', {
    where: `input, with option batch ${batch}`,
    expected: `${batch * height * width * channels} values: [${batch}, ${height}, ${width}, ${channels}]`,
    got,
  })
}

function isFloats(input: WebGpuInput): input is Float32Array {
  return brandOf(input) === 'Float32Array'
}

/**
 * Checks an input for a batch. Gives a function that takes some of its pictures.
 * @throws MobileNetV2Error `INPUT` or `IMAGE`
 */
export function sourcesOf(architecture: Architecture, input: WebGpuInput, batch: number): (first: number, count: number) => Source {
  const { input: shape } = architecture
  const length = inputLength(architecture)
  if (isFloats(input)) {
    checkInput(architecture, input, batch)
    return (first, count) => ({ kind: 'values', values: input.subarray(first * length, (first + count) * length) })
  }
  if ('source' in input) {
    if (batch !== 1) refuseInput(batch, shape, 'one picture')
    checkPicture(input, shape, mostTextureSide)
    return () => ({ kind: 'picture', picture: input })
  }
  const bytes = length * Float32Array.BYTES_PER_ELEMENT
  if (input.size < batch * bytes) refuseInput(batch, shape, `a buffer of ${input.size} bytes`)
  if ((input.usage & bufferUsage.copySource) === 0) refuseInput(batch, shape, 'a buffer without the usage COPY_SRC')
  return (first) => ({ kind: 'buffer', buffer: input, offset: first * bytes })
}
