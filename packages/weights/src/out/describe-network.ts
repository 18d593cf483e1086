import { type Architecture, type DefinitionOptions, defineMobileNet, MobileNetV2Error } from '@mobilenetv2/spec'
import { classesFit } from '../classes-fit.js'
import { type DescribedNetwork, logitLabels, writeDescription } from '../model-description.js'
import type { RunnableNetwork } from '../network.js'
import { otherClasses } from '../other-classes.js'

/** What a file is to say of a network beside its layers: all of it, or nothing. */
type Describing = DescribedNetwork | { readonly preprocessing?: undefined; readonly classes?: undefined }

/**
 * A network to write into a file that has a graph. A whole `Network` is read back with its classes and its preprocessing, an architecture
 * and its parameters alone without.
 */
export type WritableNetwork = RunnableNetwork & Describing

/** What stands in a file about its network. */
export interface WrittenDescription {
  /** One line of JSON, for the entry `descriptionKey`. */
  readonly json: string
  /** A name for each logit, for other programs; empty if the logits have none. */
  readonly labels: readonly string[]
}

/** @throws MobileNetV2Error `PARAMETERS` if the options define other layers than the architecture has */
function checkOptions(options: DefinitionOptions, { layers }: Architecture): void {
  const defined = defineMobileNet(options).layers
  const ids = (list: typeof layers, index: number): string => list[index]?.id ?? 'the end'
  for (let index = 0; index < Math.max(defined.length, layers.length); index++) {
    if (JSON.stringify(defined[index]) === JSON.stringify(layers[index])) continue
    throw new MobileNetV2Error('PARAMETERS', 'The options of the network do not define its architecture.', {
      where: 'options',
      expected: `${ids(layers, index)} as the architecture has it, after ${index} layers`,
      got: `${ids(defined, index)} of the options`,
      remedy: 'Give the options that the architecture was made of, or the architecture and the parameters alone.',
    })
  }
}

/**
 * What a file says of its network; null if only layers are given.
 * @throws MobileNetV2Error `PARAMETERS` if a part is missing, the options define another architecture, or labels or background class are
 * those of another classifier
 */
export function describeNetwork(network: Pick<RunnableNetwork, 'architecture'> & Describing): WrittenDescription | null {
  const { architecture } = network
  // A program without types may leave out a part.
  const { options, preprocessing, classes, report }: { [Name in keyof DescribedNetwork]?: DescribedNetwork[Name] | undefined } =
    network
  if (preprocessing === undefined && classes === undefined) return null
  if (options === undefined || preprocessing === undefined || classes === undefined) {
    const missing = Object.entries({ options, preprocessing, classes }).find(([, part]) => part === undefined)!
    throw new MobileNetV2Error('PARAMETERS', 'A part of what describes the network is missing.', {
      where: missing[0],
      expected: 'options, preprocessing and classes, or the architecture and the parameters alone',
    })
  }
  checkOptions(options, architecture)
  if (!classesFit(classes, architecture.classes)) throw otherClasses(classes, architecture.classes)
  const labels = logitLabels(classes)
  return {
    json: writeDescription({ options, preprocessing, classes, report }),
    labels: labels.length === architecture.classes ? labels : [],
  }
}
