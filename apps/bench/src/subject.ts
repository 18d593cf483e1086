import { basename } from 'node:path'
import { type Architecture, defineMobileNetV2, type MobileNetV2Options, type Parameters } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { readNetwork } from 'mobilenetv2'
import type { Settings } from './settings.js'

/** The network that all contenders run. */
export interface Subject {
  /** Where its weights are from. */
  readonly weights: string
  readonly options: MobileNetV2Options
  readonly architecture: Architecture
  readonly parameters: Parameters
}

/**
 * Seeded weights of the width multiplier and size asked for, or those of a file. The seeded network pads as TensorFlow does, which all
 * contenders do inside of their convolutions; PyTorch's padding would be operators of its own in a TFLite file, and LiteRT slower.
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
