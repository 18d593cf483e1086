import type { BodyArchitecture } from '@mobilenetv2/runtime'
import { nextStep, type Step } from '../kernels/kernels.js'
import { paddedChannels } from '../memory-contract.js'
import type { Numbers } from '../numbers/numbers.js'
import type { Tuning } from '../tuning/tuning.js'

/** The number of values of one pixel of the picture in memory. The picture is unpadded if the first layer can read it so. */
export function pictureChannels({ input, layers }: BodyArchitecture): number {
  const kind = layers[0]?.kind
  return kind === 'convolution' || kind === 'pointwise' ? input.channels : paddedChannels(input.channels)
}

/** The kernels that run an architecture, in order. */
export function planSteps(architecture: BodyArchitecture, tuning: Tuning, numbers: Numbers): Step[] {
  const { layers } = architecture
  const added = new Set(layers.flatMap((layer) => layer.residual ?? []))
  const steps: Step[] = []
  let inputStride = pictureChannels(architecture)
  let inputBytes = numbers.pictureBytes
  for (let index = 0; index < layers.length; ) {
    const step = nextStep({ layers: layers.slice(index), inputStride, inputBytes, added, tuning, numbers })
    steps.push(step)
    index += step.layers.length
    inputStride = paddedChannels(step.layers.at(-1)!.output.channels)
    inputBytes = numbers.valueBytes
  }
  return steps
}
