import { type Architecture, isActivation, isWeighted, type Layer, MobileNetV2Error, refuseOption } from '@mobilenetv2/spec'

/** Which layers learn: `all`; the `last` so many that have weights, counted from the classifier; or the `classifier` only. */
export type Trainable = 'all' | 'classifier' | { readonly last: number }

/** @throws MobileNetV2Error `OPTION` if training has no gradient of one of the layers */
function checkGradients(trained: readonly Layer[]): void {
  const refused = trained.find(({ kind, activation }) => kind === 'globalMaxPool' || !isActivation(activation))
  if (refused === undefined) return
  throw new MobileNetV2Error('OPTION', 'Training has no gradient of a layer.', {
    where: `layer ${refused.id}`,
    expected: 'average pools, and the activations linear, relu and relu6',
    got: refused.kind === 'globalMaxPool' ? refused.kind : refused.activation,
    remedy: "Train the layers behind it alone: trainable: 'classifier'.",
  })
}

/**
 * The layers of a network, split where the training begins: those before run as in inference, BatchNorm with its averages.
 * @throws MobileNetV2Error `OPTION` if `trainable` is another value, if `last` is not 1 to the number of weighted layers, or if training
 * has no gradient of a layer from there on
 */
export function splitLayers(
  { layers }: Architecture,
  trainable: Trainable,
): { readonly frozen: readonly Layer[]; readonly trained: readonly Layer[] } {
  if (trainable === 'all') {
    checkGradients(layers)
    return { frozen: [], trained: layers }
  }
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
  const trained = layers.slice(start)
  checkGradients(trained)
  return { frozen: layers.slice(0, start), trained }
}
