import type { LayerId } from '@mobilenetv2/spec'
import { needsOf } from '../kernels/kernels.js'
import type { Plan } from './plan.js'

/** Writes the parameters of every layer to where the plan has them, as its kernels read them. Memory must be zeros. */
export function packParameters<Layer>(
  { calls, numbers }: Plan<Layer>,
  parameters: ReadonlyMap<LayerId, Layer>,
  memory: ArrayBufferLike,
): void {
  for (const { kernel, layers, weights } of calls) {
    let address = weights
    needsOf(kernel, numbers).weights.forEach(({ bytes, pack }, index) => {
      pack(parameters.get(layers[index]!)!, memory, address)
      address += bytes
    })
  }
}
