import type { Architecture, LayerId } from './architecture.js'
import { MobileNetV2Error } from './errors.js'

/**
 * The network up to and including one layer, to look at that layer's output. A backend runs it like any other network. Its `logits`
 * are then the output of that layer, `[batch, height, width, channels]`.
 * @throws MobileNetV2Error `OPTION` if the network has no such layer.
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
