import { type WholeNetwork, withTail } from '@mobilenetv2/runtime'
import { MobileNetV2Error, type OutputName } from '@mobilenetv2/spec'
import type { WebGpuInput, WebGpuModel } from '../model.js'

/** The whole network from its body on the device. What the tail gives is never on the device. */
export function withHostTail(body: WebGpuModel, network: WholeNetwork): WebGpuModel {
  const first = network.tail[0]
  if (first === undefined) return body
  const refuse = (): never => {
    throw new MobileNetV2Error('BACKEND', 'The last layers of this network do not run on the device.', {
      where: `layer ${first.id}`,
      expected: 'a network whose every layer has a kernel on the device',
      got: first.kind === 'dense' ? `dense, ${first.activation}` : first.kind,
      remedy: 'Call run, which gives the outputs in memory.',
    })
  }
  return {
    ...withTail<WebGpuInput>(body, network),
    get gpu() {
      return body.gpu
    },
    async runOnDevice(input, use, options = {}) {
      const { outputs = ['logits'] } = options
      const pool = network.tail.some(({ id }) => id === 'pool')
      if (outputs.some((name: OutputName) => name === 'logits' || pool)) refuse()
      return body.runOnDevice(input, use, options)
    },
    top: async () => refuse(),
  }
}
