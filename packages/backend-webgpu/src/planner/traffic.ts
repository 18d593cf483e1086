import { type Architecture, isWeighted, kernelLength, type Layer, type LayerId } from '@mobilenetv2/spec'
import { type Kernel, type Scalar, vectorBytes, vectorsOf } from './kernel.js'
import type { Plan } from './plan.js'

/** The memory traffic and the work of one dispatch for one picture. Every tensor is counted once, as if later reads hit the cache. */
export interface Traffic {
  readonly layers: readonly LayerId[]
  readonly kind: Kernel['kind']
  /** The bytes of the input and of the residual. */
  readonly read: number
  /** The bytes of the output. */
  readonly written: number
  /** The bytes of the weights. */
  readonly weights: number
  /** The multiply-adds that are really done. What a fused kernel computes twice counts twice. */
  readonly multiplyAdds: number
}

function mapBytes({ height, width, channels }: Layer['output'], scalar: Scalar): number {
  return vectorBytes(height * width * vectorsOf(channels), scalar)
}

function multiplyAddsOf(kernel: Kernel, layers: readonly Layer[]): number {
  const asked = layers.reduce((total, layer) => total + layer.multiplyAdds, 0)
  if (kernel.kind !== 'expandDepthwise') return asked
  const [expansion] = layers
  if (expansion === undefined || !isWeighted(expansion)) return asked
  const expanded = kernel.groups[1] * kernel.expandedSide ** 2 * kernelLength(expansion)
  return asked - expansion.multiplyAdds + expanded
}

/** The traffic of each step of a plan. */
export function trafficOf(architecture: Architecture, { steps, pictureBytes }: Plan): Traffic[] {
  const layerOf = new Map(architecture.layers.map((layer) => [layer.id, layer]))
  return steps.map(({ layers: ids, kernel, weights, input }) => {
    const layers = ids.map((id) => layerOf.get(id)!)
    const [first] = layers
    const { output } = layers.at(-1)!
    return {
      layers: ids,
      kind: kernel.kind,
      read:
        (input === null ? pictureBytes : mapBytes(first!.input, kernel.input)) +
        (kernel.shortcut === null ? 0 : mapBytes(output, kernel.shortcut)),
      written: mapBytes(output, kernel.output),
      weights: weights?.bytes ?? 0,
      multiplyAdds: multiplyAddsOf(kernel, layers),
    }
  })
}
