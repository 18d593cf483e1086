import { type Architecture, MobileNetV2Error, type OutputName, outputLayerId } from '@mobilenetv2/spec'
import type * as tf from '@tensorflow/tfjs-core'

/** @throws MobileNetV2Error `INPUT` if a tensor is disposed of, or is not a batch of pictures for the architecture */
export function checkTensor(architecture: Architecture, input: tf.Tensor, outputs: readonly OutputName[]): void {
  const { height, width, channels } = architecture.input
  const expected = `a float32 tensor [batch, ${height}, ${width}, ${channels}]`
  if (input.isDisposed) {
    throw new MobileNetV2Error('INPUT', 'The input tensor was disposed of before it was used.', {
      where: 'input',
      expected,
      got: 'a disposed tensor',
      remedy: 'Dispose of the tensor, or end the tidy that made it, only after the result has come.',
    })
  }
  const [batch, ...shape] = input.shape
  if (input.dtype !== 'float32' || !(batch !== undefined && batch >= 1) || shape.join() !== [height, width, channels].join()) {
    throw new MobileNetV2Error('INPUT', 'The input tensor does not fit the architecture.', {
      where: 'input',
      expected,
      got: `${input.dtype} [${input.shape.join(', ')}]`,
    })
  }
  for (const name of outputs) outputLayerId(architecture, name)
}
