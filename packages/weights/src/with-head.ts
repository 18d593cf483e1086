import { checkParameters, defineMobileNet, isWeighted, type LayerParameters, refuseOption } from '@mobilenetv2/spec'
import type { PlainValue } from './checkpoint.js'
import { withoutClasses } from './facts/classes.js'
import type { Classes, Network } from './network.js'

/** A classifier for the pooled features of a network, and what its logits stand for. */
export interface Head extends LayerParameters {
  /** A name for each logit. */
  readonly labels: readonly string[]
  /** How the logits are read: `softmax` unless given. */
  readonly output?: Classes['output'] | undefined
  /** What its training gave, to be kept with it: `Network.report`. */
  readonly report?: PlainValue | undefined
}

/**
 * The network with another head. All that belonged to its own goes: the classifier, hidden dense layers, labels, background class, how the
 * output is read, and the report of its training. The layers up to the pool stay, with their weights and preprocessing.
 * @param head kernel `[features, labels]`, bias `[labels]`, for features as `embed` gives them
 * @throws MobileNetV2Error `PARAMETERS` if kernel and bias do not fit the features and the labels; `OPTION` if there are no labels
 */
export function withHead(network: Network, { kernel, bias, labels, output = 'softmax', report }: Head): Network {
  if (labels.length === 0) refuseOption('labels', labels, 'a name for each class')
  const options = { ...network.options, classes: labels.length, headLayers: [] }
  const architecture = defineMobileNet(options)
  const ids = new Set(architecture.layers.filter(isWeighted).map(({ id }) => id))
  const kept = [...network.parameters].filter(([id]) => ids.has(id))
  const parameters = new Map(kept).set('classifier', { kernel, bias })
  checkParameters(architecture, parameters)
  const { source, reasons } = network
  const outputReason = 'the head was given with it'
  return {
    ...network,
    report,
    options,
    architecture,
    parameters,
    batchNorms: new Map([...network.batchNorms].filter(([id]) => ids.has(id) && id !== 'classifier')),
    integers: null,
    classes: { labels: [...labels], background: null, output, outputReason },
    reasons: [
      ...withoutClasses(reasons),
      `another head: ${labels.length} classes on the layers of ${source.file}`,
      'no background class: each logit of the head has a label',
      `output ${output}: ${outputReason}`,
    ],
  }
}

/**
 * The last layer of a network, which a new head is to replace: kernel `[features, classes]`, bias `[classes]`. Null if the network has
 * none, or if its pooled features go through hidden layers first.
 */
export function classifierOf({ architecture, parameters }: Network): LayerParameters | null {
  const [before, last] = architecture.layers.slice(-2)
  const isPooled = before?.kind === 'globalAveragePool' || before?.kind === 'globalMaxPool'
  return isPooled && last?.id === 'classifier' ? (parameters.get(last.id) ?? null) : null
}
