import { type Architecture, type DefinitionOptions, defineMobileNet, MobileNetV2Error } from '@mobilenetv2/spec'
import { classesFit } from '../classes-fit.js'
import { type DescribedNetwork, logitLabels, writeDescription } from '../model-description.js'
import type { RunnableNetwork } from '../network.js'
import { otherClasses } from '../other-classes.js'

/** The parts of a network that are described in its file: either all of them are given, or none. */
type Describing = DescribedNetwork | { readonly preprocessing?: undefined; readonly classes?: undefined }

/**
 * A network that is written into a file with a graph. If it is a whole `Network`, its classes and its preprocessing are written too, and
 * `readNetwork` reads them back. An architecture and its parameters are enough.
 */
export type WritableNetwork = RunnableNetwork & Describing

/** The description of a network as a file contains it. */
export interface WrittenDescription {
  /** One line of JSON, for the entry `descriptionKey`. */
  readonly json: string
  /** A name for each logit, which other programs read; empty if the logits have no names. */
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
      expected: `${ids(layers, index)} of the architecture, after ${index} layers`,
      got: `${ids(defined, index)} of the options`,
      remedy: 'Give the options with which the architecture was defined, or the architecture and the parameters only.',
    })
  }
}

/**
 * The description of a network; null if only its layers are given.
 * @throws MobileNetV2Error `PARAMETERS` if a part is missing, the options define another architecture, or labels or background class belong
 * to another classifier
 */
export function describeNetwork(network: Pick<RunnableNetwork, 'architecture'> & Describing): WrittenDescription | null {
  const { architecture } = network
  // A caller without types may leave out a part.
  const { options, preprocessing, classes, report }: { [Name in keyof DescribedNetwork]?: DescribedNetwork[Name] | undefined } =
    network
  if (preprocessing === undefined && classes === undefined) return null
  if (options === undefined || preprocessing === undefined || classes === undefined) {
    const missing = Object.entries({ options, preprocessing, classes }).find(([, part]) => part === undefined)!
    throw new MobileNetV2Error('PARAMETERS', 'A part of the description of the network is missing.', {
      where: missing[0],
      expected: 'options, preprocessing and classes, or the architecture and the parameters only',
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
