import type { Architecture } from './architecture.js'
import { refuseOption } from './check-options.js'
import { defineMobileNetV1 } from './define-mobilenet-v1.js'
import { defineMobileNetV2 } from './define-mobilenet-v2.js'
import type { MobileNetV1Options, MobileNetV2Options } from './options.js'

/** The options of a network of either family: MobileNetV2, unless `family` is MobileNetV1. */
export type DefinitionOptions =
  | (MobileNetV2Options & { readonly family?: 'MobileNetV2' | undefined })
  | (MobileNetV1Options & { readonly family: 'MobileNetV1' })

/**
 * Expands the options of either family into layers.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or has a value that is not allowed
 * @example
 * ```ts
 * import { defineMobileNet } from '@mobilenetv2/spec'
 *
 * defineMobileNet({ family: 'MobileNetV1', classes: 10 }).layers.length // => 29
 * ```
 */
export function defineMobileNet(options: DefinitionOptions): Architecture {
  if (options.family === 'MobileNetV1') {
    const { family, ...rest } = options
    return defineMobileNetV1(rest)
  }
  const { family, ...rest } = options
  if (family !== undefined && family !== 'MobileNetV2') refuseOption('family', family, 'MobileNetV1 or MobileNetV2')
  return defineMobileNetV2(rest)
}
