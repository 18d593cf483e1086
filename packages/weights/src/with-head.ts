import { checkParameters, defineMobileNet, isWeighted, type LayerParameters, refuseOption } from '@mobilenetv2/spec'
import type { PlainValue } from './checkpoint.js'
import { withoutClasses } from './facts/classes.js'
import type { Classes, Network } from './network.js'

/** A classifier for the pooled features of a network. */
export interface Head extends LayerParameters {
  /** A name for each logit. */
  readonly labels: readonly string[]
  /** How the logits are read. Unless given, several are read as `softmax`, and a single one, which softmax makes 1, as `sigmoid`. */
  readonly output?: Classes['output'] | undefined
  /** A report about its training, which becomes `Network.report`. */
  readonly report?: PlainValue | undefined
}

/**
 * Replaces the head of a network. The layers up to the pool stay, with their weights and the preprocessing. Everything else of the old head
 * goes: the classifier, hidden dense layers, labels, background class, how the output is read, and the report about its training.
 * @param head its kernel is `[features, labels]` and its bias `[labels]`, for the features that `embed` gives
 * @throws MobileNetV2Error `PARAMETERS` if kernel and bias do not fit the features and the labels; `OPTION` if there are no labels
 * @example
 * ```ts
 * import type { TrainedHead } from '@mobilenetv2/teach'
 * import { type Network, withHead } from '@mobilenetv2/weights'
 *
 * function taught(network: Network, { kernel, bias, classNames }: TrainedHead): Network {
 *   return withHead(network, { kernel, bias, labels: classNames })
 * }
 * ```
 */
export function withHead(network: Network, { kernel, bias, labels, output, report }: Head): Network {
  if (labels.length === 0) refuseOption('labels', labels, 'a name for each class')
  const options = { ...network.options, classes: labels.length, headLayers: [] }
  const architecture = defineMobileNet(options)
  const ids = new Set(architecture.layers.filter(isWeighted).map(({ id }) => id))
  const kept = [...network.parameters].filter(([id]) => ids.has(id))
  const parameters = new Map(kept).set('classifier', { kernel, bias })
  checkParameters(architecture, parameters)
  const read = output ?? (labels.length === 1 ? 'sigmoid' : 'softmax')
  const { source, reasons } = network
  const outputReason = output === undefined ? 'the head does not say, and most such heads end in it' : 'stated with the head'
  return {
    ...network,
    report,
    options,
    architecture,
    parameters,
    batchNorms: new Map([...network.batchNorms].filter(([id]) => ids.has(id) && id !== 'classifier')),
    integers: null,
    classes: { labels: [...labels], background: null, output: read, outputReason },
    reasons: [
      ...withoutClasses(reasons),
      `another head: ${labels.length} classes on the layers of ${source.file}`,
      'no background class: each logit of the head has a label',
      `output ${read}: ${outputReason}`,
    ],
  }
}

/**
 * The last layer of a network: kernel `[features, classes]`, bias `[classes]`.
 * @returns null if the network has no classifier, or if hidden layers come between its pooled features and the classifier
 * @example
 * ```ts
 * import { type FeatureSet, type TrainedHead, trainHead } from '@mobilenetv2/teach'
 * import { classifierOf, type Network } from '@mobilenetv2/weights'
 *
 * function learn(network: Network, examples: FeatureSet): Promise<TrainedHead> {
 *   return trainHead(examples, { classifier: classifierOf(network) ?? undefined })
 * }
 * ```
 */
export function classifierOf({ architecture, parameters }: Network): LayerParameters | null {
  const [before, last] = architecture.layers.slice(-2)
  const isPooled = before?.kind === 'globalAveragePool' || before?.kind === 'globalMaxPool'
  return isPooled && last?.id === 'classifier' ? (parameters.get(last.id) ?? null) : null
}
