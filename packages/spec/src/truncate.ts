import type { Architecture, LayerId } from './architecture.js'
import { MobileNetV2Error } from './errors.js'

/**
 * The network up to and including one layer, with which the layer's output can be looked at: a backend runs it like any other network,
 * and its `logits` are the output of that layer, `[batch, height, width, channels]`.
 * @throws MobileNetV2Error `OPTION` if the network has no such layer
 * @example
 * ```ts
 * import { defineMobileNetV2, truncateAt } from '@mobilenetv2/spec'
 *
 * truncateAt(defineMobileNetV2(), 'block13.expand').layers.at(-1)?.output // => { height: 14, width: 14, channels: 576 }
 * ```
 */
export function truncateAt(architecture: Architecture, id: LayerId): Architecture {
  const index = architecture.layers.findIndex((layer) => layer.id === id)
  if (index < 0) {
    throw new MobileNetV2Error('OPTION', 'The network has no such layer.', {
      where: 'layer',
      expected: `one of ${architecture.layers.map((layer) => layer.id).join(', ')}`,
      got: id,
    })
  }
  return { ...architecture, layers: architecture.layers.slice(0, index + 1) }
}
