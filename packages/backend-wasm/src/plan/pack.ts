import type { Parameters } from '@mobilenetv2/spec'
import { needsOf } from '../kernels/kernels.js'
import { floatBytes } from '../memory-contract.js'
import type { Plan } from './plan.js'

/** Writes the parameters of every layer to where the plan has them, as its kernels read them. Memory must be zeros. */
export function packParameters({ calls }: Plan, parameters: Parameters, memory: ArrayBufferLike): void {
  for (const { kernel, layers, weights } of calls) {
    let address = weights
    needsOf(kernel).weights.forEach(({ bytes, pack }, index) => {
      pack(parameters.get(layers[index]!)!, new Float32Array(memory, address, bytes / floatBytes))
      address += bytes
    })
  }
}
