// This file is imported lazily, because networks of the usual sizes are far below any limit.
import { type Architecture, activationMemory, MobileNetV2Error } from '@mobilenetv2/spec'

/** @throws MobileNetV2Error `BACKEND` if the activations of one picture take more bytes than the limit */
export function refuseAbove(limit: number, architecture: Architecture): void {
  const { peakBytes } = activationMemory(architecture, 'layer')
  if (peakBytes <= limit) return
  const { height, width } = architecture.input
  throw new MobileNetV2Error('BACKEND', 'The network takes more memory than is allowed.', {
    where: `input ${height} x ${width}`,
    expected: `at most ${limit} bytes of activations for one picture (option maxActivationBytes)`,
    got: `${peakBytes} bytes`,
    remedy:
      'Use a network with a smaller input. If you trust this one and have the memory, load it in a program with a larger maxActivationBytes.',
  })
}
