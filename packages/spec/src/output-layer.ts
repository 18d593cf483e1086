import type { Architecture, LayerId } from './architecture.js'
import type { OutputName } from './backend.js'
import { MobileNetV2Error } from './errors.js'

/**
 * The layer that gives an output of a run: the last layer gives `logits`, the pool gives `features`.
 * @throws MobileNetV2Error `INPUT` if the network has no such layer, or there is no output of that name
 * @example
 * ```ts
 * import { defineMobileNetV2, outputLayerId } from '@mobilenetv2/spec'
 *
 * outputLayerId(defineMobileNetV2(), 'features') // => 'pool'
 * ```
 */
export function outputLayerId({ layers }: Architecture, output: OutputName): LayerId {
  const wanted = { logits: layers.at(-1)?.id, features: layers.find(({ id }) => id === 'pool')?.id }
  const found = Object.hasOwn(wanted, output) ? wanted[output] : undefined
  if (found !== undefined) return found
  throw new MobileNetV2Error('INPUT', 'The network has no such output.', {
    where: 'option outputs',
    expected: 'logits, or features if the network has a pool',
    got: String(output),
  })
}
