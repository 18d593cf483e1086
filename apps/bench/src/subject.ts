import { basename } from 'node:path'
import { type Architecture, defineMobileNetV2, type MobileNetV2Options, type Parameters } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { readNetwork } from 'mobilenetv2'
import type { Settings } from './settings.js'

/** The network that all contenders run. */
export interface Subject {
  /** The origin of its weights. */
  readonly weights: string
  readonly options: MobileNetV2Options
  readonly architecture: Architecture
  readonly parameters: Parameters
}

/**
 * Seeded weights for the requested width multiplier and size, or the weights of a file. The seeded network has TensorFlow's padding, which
 * every contender does inside its convolutions. PyTorch's padding would need separate operators in a TFLite file, and slow LiteRT down.
 */
export async function loadSubject({ model, widthMultiplier, size }: Settings): Promise<Subject> {
  const square = size === null ? {} : { height: size, width: size }
  if (model === null) {
    const options: MobileNetV2Options = { widthMultiplier: widthMultiplier ?? 1, padding: 'same', ...square }
    const architecture = defineMobileNetV2(options)
    return { weights: 'seeded', options, architecture, parameters: seededParameters(architecture) }
  }
  const { options, architecture, parameters } = await readNetwork(model, size === null ? {} : { architecture: square })
  return { weights: basename(model), options, architecture, parameters }
}
