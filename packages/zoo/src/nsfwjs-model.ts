import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import type { PackageLocation } from './entry.js'

/** A TensorFlow.js model: its `model.json` as bytes, and a function that reads the weight files that it names. */
export interface PackedModelFiles {
  readonly bytes: Uint8Array
  readonly file: string
  readonly readSibling: (name: string) => Promise<Uint8Array | null>
}

/** What the package exports: functions that import the model's JSON as an object, and each weight file as base64. */
interface Bundle {
  readonly modelJson: () => Promise<{ readonly default: unknown }>
  readonly weightBundles: readonly (() => Promise<{ readonly default: string }>)[]
}

function notInstalled(model: PackageLocation['model'], cause: unknown): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'This model is part of an npm package that is not installed.', {
    where: `nsfwjs/models/${model}`,
    expected: 'the package nsfwjs, version 4.4.0 or a later 4',
    got: messageOf(cause),
    remedy: 'npm install nsfwjs@4.4.0, or name another model',
    cause,
  })
}

/**
 * Literal imports, each inside of a `try` of its own: bundlers follow them where the package is installed, and only there, since they
 * take what stands in a `try` for optional.
 */
const importers: Readonly<Record<PackageLocation['model'], () => Promise<Bundle>>> = {
  async mobilenet_v2() {
    try {
      return (await import('nsfwjs/models/mobilenet_v2')).MobileNetV2Model
    } catch (cause) {
      throw notInstalled('mobilenet_v2', cause)
    }
  },
  async mobilenet_v2_mid() {
    try {
      return (await import('nsfwjs/models/mobilenet_v2_mid')).MobileNetV2MidModel
    } catch (cause) {
      throw notInstalled('mobilenet_v2_mid', cause)
    }
  },
}

function decodeBase64(text: string): Uint8Array {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

/**
 * Opens a MobileNetV2 in the npm package nsfwjs (dist/models/), which has the files of a TensorFlow.js model as JavaScript modules. A
 * weight file is imported and decoded when it is read.
 * @throws MobileNetV2Error `SOURCE` if the package is not installed
 */
export async function openNsfwjs({ model }: PackageLocation): Promise<PackedModelFiles> {
  const { modelJson, weightBundles } = await importers[model]()
  const bytes = new TextEncoder().encode(JSON.stringify((await modelJson()).default))
  const names = weightBundles.map((_, index) => `group1-shard${index + 1}of${weightBundles.length}`)
  return {
    bytes,
    file: `nsfwjs/models/${model}/model.json`,
    async readSibling(name) {
      const open = weightBundles[names.indexOf(name)]
      return open === undefined ? null : decodeBase64((await open()).default)
    },
  }
}
