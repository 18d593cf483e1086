import { type WholeNetwork, withTail } from '@mobilenetv2/runtime'
import { MobileNetV2Error, outputLayerId } from '@mobilenetv2/spec'
import type { WebGpuInput, WebGpuModel } from '../model.js'

/** Makes the model of a whole network from its body on the device. The tail runs in JavaScript, so its outputs are not on the device. */
export async function withHostTail(body: WebGpuModel, network: WholeNetwork): Promise<WebGpuModel> {
  const { architecture, tail } = network
  const first = tail[0]
  if (first === undefined) return body
  const inTail = new Set(tail.map(({ id }) => id))
  const refuse = (): never => {
    throw new MobileNetV2Error('BACKEND', 'The last layers of this network do not run on the device.', {
      where: `layer ${first.id}`,
      expected: 'outputs of layers that run on the device',
      got: first.kind === 'dense' ? `dense, ${first.activation}` : first.kind,
      remedy: 'Call run, which gives the outputs in memory.',
    })
  }
  return {
    ...(await withTail<WebGpuInput>(body, network)),
    get gpu() {
      return body.gpu
    },
    async runOnDevice(input, use, options = {}) {
      const { outputs = ['logits'] } = options
      if (outputs.some((name) => inTail.has(outputLayerId(architecture, name)))) refuse()
      return body.runOnDevice(input, use, options)
    },
    top: async () => refuse(),
  }
}
