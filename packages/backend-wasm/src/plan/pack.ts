import type { LayerId } from '@mobilenetv2/spec'
import { needsOf } from '../kernels/kernels.js'
import type { Plan } from './plan.js'

/** Writes the row at `zerosAddress`, and the parameters of all layers in the order in which kernels read them. The memory must be zeros. */
export function packParameters<Layer>(
  { calls, numbers, zeros }: Plan<Layer>,
  parameters: ReadonlyMap<LayerId, Layer>,
  memory: ArrayBufferLike,
): void {
  new Uint8Array(memory, zeros.address, zeros.bytes).fill(numbers.outside)
  for (const { kernel, layers, weights } of calls) {
    let address = weights
    needsOf(kernel, numbers).weights.forEach(({ bytes, pack }, index) => {
      pack(parameters.get(layers[index]!)!, memory, address)
      address += bytes
    })
  }
}
