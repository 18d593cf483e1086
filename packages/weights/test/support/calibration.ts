import { type DefinitionOptions, defineMobileNet, inputLength, MobileNetV2Error } from '@mobilenetv2/spec'
import { runIntegerReference, runReference, seededParameters, seededValues } from '@mobilenetv2/testing'
import type { CalibrationNetwork, Network, RunOnPictures } from '../../src/index.js'

/** Parts of a network that is to be quantised. */
export type FloatNetwork = Pick<Network, 'options' | 'architecture' | 'parameters' | 'preprocessing' | 'classes'>

const geometry = { kind: 'stretch' } as const

/** How TensorFlow's networks normalise: the three channels alike. */
export const alike: Network['preprocessing'] = {
  geometry,
  interpolation: 'bilinear',
  mean: [0.5, 0.5, 0.5],
  deviation: [0.5, 0.5, 0.5],
}

/** How torchvision's networks normalise. */
export const unlike: Network['preprocessing'] = {
  geometry,
  interpolation: 'bilinear',
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
}

/** A network with seeded weights. */
export function floatNetwork(options: DefinitionOptions, changes: Partial<FloatNetwork> = {}): FloatNetwork {
  const architecture = defineMobileNet(options)
  return {
    options,
    architecture,
    parameters: seededParameters(architecture),
    preprocessing: alike,
    classes: { labels: [], background: null, output: 'softmax', outputReason: '' },
    ...changes,
  }
}

/** Pictures of random levels, normalised: each brighter or darker than the others, as photos are. */
export function seededPictures({ architecture, preprocessing }: FloatNetwork, count: number): Float32Array[] {
  const { mean, deviation } = preprocessing
  return Array.from({ length: count }, (_, seed) => {
    const levels = seededValues('levels', inputLength(architecture), 0, 200, seed)
    const [light] = seededValues('light', 1, 0, 55, seed)
    return levels.map((level, at) => (Math.round(level + light!) / 255 - mean[at % 3]!) / deviation[at % 3]!)
  })
}

/** The output of a network's last layer, computed by the plain executors. Integers are returned as the numbers that they stand for. */
export function outputOf({ architecture, parameters, integers }: CalibrationNetwork, picture: Float32Array): Float32Array {
  if (integers === null) return runReference(architecture, parameters, picture).logits
  const [id, values] = [...runIntegerReference(architecture, integers, picture)].at(-1)!
  const layer = integers.layers.get(id)
  if (layer === undefined) throw new MobileNetV2Error('PARAMETERS', 'There are no integers.', { where: id })
  const { scale } = (layer.kind === 'weights' ? layer.addition?.output : undefined) ?? layer.output
  return Float32Array.from(values, (value) => value * scale)
}

/** Runs networks on pictures with the plain executors. */
export function onPictures(pictures: readonly Float32Array[]): RunOnPictures {
  return async function* (network) {
    for (const picture of pictures) yield outputOf(network, picture)
  }
}
