import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { type Architecture, defineMobileNetV2, type MobileNetV2Options, type Parameters } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { inferOptions, readCheckpoint, toParameters } from '@mobilenetv2/weights'
import type { Settings } from './settings.js'

/** The network that all contenders run. */
export interface Subject {
  /** Where its weights are from. */
  readonly weights: string
  readonly options: MobileNetV2Options
  readonly architecture: Architecture
  readonly parameters: Parameters
}

/** Reads a checkpoint from disk, with the files beside it that it names. */
export async function openCheckpoint(path: string): ReturnType<typeof readCheckpoint> {
  const folder = resolve(dirname(path))
  return readCheckpoint(await readFile(path), {
    file: basename(path),
    async readSibling(name) {
      const sibling = resolve(folder, name)
      if (!sibling.startsWith(folder + sep)) throw new Error(`${name} lies outside of the folder of ${basename(path)}`)
      return readFile(join(sibling))
    },
  })
}

/**
 * Seeded weights of the width and size asked for, or those of a file. The seeded network pads as TensorFlow does, which all
 * contenders do inside of their convolutions; PyTorch's padding would be operators of its own in a TFLite file, and LiteRT slower.
 */
export async function loadSubject({ model, width, size }: Settings): Promise<Subject> {
  const square = size === null ? {} : { height: size, width: size }
  if (model === null) {
    const options: MobileNetV2Options = { widthMultiplier: width ?? 1, padding: 'same', ...square }
    const architecture = defineMobileNetV2(options)
    return { weights: 'seeded', options, architecture, parameters: seededParameters(architecture) }
  }
  const checkpoint = await openCheckpoint(model)
  const options: MobileNetV2Options = { ...inferOptions(checkpoint).options, ...square }
  const architecture = defineMobileNetV2(options)
  return { weights: basename(model), options, architecture, parameters: toParameters(checkpoint, architecture) }
}
