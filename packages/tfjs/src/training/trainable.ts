import { type Architecture, isWeighted, type Layer, refuseOption } from '@mobilenetv2/spec'

/** Which layers learn: `all`; the `last` so many that have weights, counted from the classifier; or the `classifier` only. */
export type Trainable = 'all' | 'classifier' | { readonly last: number }

/**
 * The layers of a network, split where the training begins: those before run as in inference, BatchNorm with its averages.
 * @throws MobileNetV2Error `OPTION` if `trainable` is another value, or `last` is not 1 to the number of weighted layers
 */
export function splitLayers(
  { layers }: Architecture,
  trainable: Trainable,
): { readonly frozen: readonly Layer[]; readonly trained: readonly Layer[] } {
  if (trainable === 'all') return { frozen: [], trained: layers }
  if (trainable !== 'classifier' && (typeof trainable !== 'object' || trainable === null)) {
    return refuseOption('trainable', trainable, 'all, classifier, or { last }')
  }
  const last = trainable === 'classifier' ? 1 : trainable.last
  const weighted = layers.filter(isWeighted)
  const first = weighted[weighted.length - last]
  if (!Number.isInteger(last) || last < 1 || first === undefined) {
    return refuseOption('trainable.last', last, `an integer from 1 to ${weighted.length}`)
  }
  const start = layers.indexOf(first)
  return { frozen: layers.slice(0, start), trained: layers.slice(start) }
}
