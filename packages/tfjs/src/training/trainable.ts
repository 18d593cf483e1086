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
 * Which layers are trained: `all`; the `classifier` only; the classifier and the layers with weights before it, `last` in all; or the
 * layer with the id `from` and all layers after it. In all other layers neither the weights nor the statistics of BatchNorm change.
 */
export type Trainable = 'all' | 'classifier' | { readonly last: number } | { readonly from: LayerId }

/** @throws MobileNetV2Error `OPTION` if training has no gradient for one of the layers */
function checkGradients(trained: readonly Layer[]): void {
  const refused = trained.find(({ kind, activation }) => kind === 'globalMaxPool' || !isActivation(activation))
  if (refused === undefined) return
  throw new MobileNetV2Error('OPTION', 'A layer of this kind or activation cannot be trained.', {
    where: `layer ${refused.id}`,
    expected: 'average pools, and the activations linear, relu and relu6',
    got: refused.kind === 'globalMaxPool' ? refused.kind : refused.activation,
    remedy: "Train only layers after it, such as trainable: 'classifier'.",
  })
}

/** The index of the first trained layer. */
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
 * Splits the layers of a network into frozen and trained ones.
 * @throws MobileNetV2Error `OPTION` if `trainable` has another value, if `last` is not 1 to the number of layers with weights, if `from` is
 * not a layer, or if training has no gradient for one of the trained layers
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
