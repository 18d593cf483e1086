import type { Architecture, LayerId } from './architecture.js'
import { MobileNetV2Error } from './errors.js'

/**
 * The network up to and with one layer, for looking inside: a backend runs it like any other, and what it calls logits is then that
 * layer's output `[batch, height, width, channels]`.
 * @throws MobileNetV2Error `OPTION` where the network has no such layer.
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
