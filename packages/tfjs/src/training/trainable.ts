import {
  type Architecture,
  checkOptionNames,
  integerOption,
  isActivation,
  isWeighted,
  type Layer,
  type LayerId,
  MobileNetV2Error,
  refuseOption,
} from '@mobilenetv2/spec'

/**
 * Which layers learn: `all`; the `last` so many that have weights, counted from the classifier; those `from` a layer on; or the
 * `classifier` only. Of all others neither the weights nor the statistics of BatchNorm change.
 */
export type Trainable = 'all' | 'classifier' | { readonly last: number } | { readonly from: LayerId }

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

/** Where the training begins in a list of layers. */
function firstTrained(layers: readonly Layer[], trainable: Trainable): number {
  if (trainable === 'all') return 0
  if (trainable === 'classifier') return layers.length - 1
  if (typeof trainable !== 'object' || trainable === null) {
    return refuseOption('trainable', trainable, 'all, classifier, { last } or { from }')
  }
  checkOptionNames(trainable, ['from' in trainable ? 'from' : 'last'])
  if ('from' in trainable) {
    const place = layers.findIndex(({ id }) => id === trainable.from)
    return place >= 0 ? place : refuseOption('trainable.from', trainable.from, 'the id of a layer of the network')
  }
  const weighted = layers.filter(isWeighted)
  integerOption('trainable.last', trainable.last, 1, weighted.length)
  return layers.indexOf(weighted[weighted.length - trainable.last]!)
}

/**
 * The layers of a network, split where the training begins: those before run as in inference, BatchNorm with its averages.
 * @throws MobileNetV2Error `OPTION` if `trainable` is another value, if `last` is not 1 to the number of weighted layers, if `from` is no
 * layer, or if training has no gradient of a layer from there on
 */
export function splitLayers(
  { layers }: Architecture,
  trainable: Trainable,
): { readonly frozen: readonly Layer[]; readonly trained: readonly Layer[] } {
  const start = firstTrained(layers, trainable)
  const trained = layers.slice(start)
  checkGradients(trained)
  return { frozen: layers.slice(0, start), trained }
}
