import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import type { PackageLocation } from './entry.js'

/** A TensorFlow.js model in parts: its `model.json`, and the weight files that this names. */
export interface PackedModelFiles {
  readonly bytes: Uint8Array
  readonly file: string
  readonly readSibling: (name: string) => Promise<Uint8Array | null>
}

/** What the package exports: modules with the model's JSON as an object and each weight file as base64, imported when called. */
interface Bundle {
  readonly modelJson: () => Promise<{ readonly default: unknown }>
  readonly weightBundles: readonly (() => Promise<{ readonly default: string }>)[]
}

function notInstalled(model: PackageLocation['model'], cause: unknown): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'The npm package that carries this model is not installed.', {
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
 * A MobileNetV2 that npm's nsfwjs carries (dist/models/), as the files that its publisher packed into
 * JavaScript: for `readNetwork(bytes, { file, readSibling })`. Weight files are imported and decoded when they are asked for.
 * @throws MobileNetV2Error `SOURCE` where the package is not installed
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
