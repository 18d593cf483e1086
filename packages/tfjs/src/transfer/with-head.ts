import { type LayerId, type LayerParameters, MobileNetV2Error, type Parameters } from '@mobilenetv2/spec'
import type { Head } from './train-head.js'

/**
 * A backbone's parameters with a new head in the place of its own. They belong to the backbone's definition with `classes` of the
 * head and no hidden layers: `defineMobileNetV2({ ...options, classes: head.classNames.length, headLayers: [] })`, which any
 * backend runs; the class names are the labels.
 * @throws MobileNetV2Error `PARAMETERS` if the head is not as long as its class names say
 */
export function withHead(parameters: Parameters, { classNames, kernel, bias }: Head): Parameters {
  if (bias.length !== classNames.length || kernel.length % bias.length !== 0) {
    throw new MobileNetV2Error('PARAMETERS', 'The head does not fit its class names.', {
      expected: `a bias of ${classNames.length} values, and a kernel of as many columns`,
      got: `${bias.length} and ${kernel.length} values`,
    })
  }
  const backbone = [...parameters].filter(([id]) => !/^(dense\d+|classifier)$/.test(id))
  return new Map<LayerId, LayerParameters>([...backbone, ['classifier', { kernel, bias }]])
}
