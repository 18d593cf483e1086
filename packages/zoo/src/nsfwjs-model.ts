import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import { importPackage, waysToImport } from '#files'
import type { PackageLocation } from './entry.js'

/** A TensorFlow.js model: its `model.json` as bytes, and a function that reads the weight files that it names. */
export interface PackedModelFiles {
  readonly bytes: Uint8Array
  readonly file: string
  readonly readSibling: (name: string) => Promise<Uint8Array | null>
}

/** A model as the package has it: its JSON as an object, and each weight file as base64, imported when called. */
export interface NsfwjsBundle {
  readonly modelJson: () => Promise<{ readonly default: unknown }>
  readonly weightBundles: readonly (() => Promise<{ readonly default: string }>)[]
}

/** The functions that import each model of the package. */
export type NsfwjsImporters = Readonly<Record<PackageLocation['model'], () => Promise<NsfwjsBundle>>>

/** The names under which the package exports its models. */
const exportNames = { mobilenet_v2: 'MobileNetV2Model', mobilenet_v2_mid: 'MobileNetV2MidModel' } as const

let provided: NsfwjsImporters | null = null

/**
 * Sets the functions that import the package. Their `import()`s are in a module that only programs with these models import, so that other
 * bundles do not contain them.
 */
export function provideImporters(importers: NsfwjsImporters): void {
  provided = importers
}

async function importBundle(model: PackageLocation['model']): Promise<NsfwjsBundle> {
  if (provided !== null) return provided[model]()
  const exported = (await importPackage(`nsfwjs/models/${model}`)) as Readonly<Record<string, NsfwjsBundle>>
  return exported[exportNames[model]]!
}

async function openBundle(model: PackageLocation['model']): Promise<NsfwjsBundle> {
  try {
    return await importBundle(model)
  } catch (cause) {
    throw new MobileNetV2Error('SOURCE', 'The npm package that carries this model cannot be imported.', {
      where: `nsfwjs/models/${model}`,
      expected: 'the package nsfwjs, version 4.4.0 or a later 4',
      got: messageOf(cause),
      remedy: waysToImport,
      cause,
    })
  }
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
 * @throws MobileNetV2Error `SOURCE` if the package is not installed, or a page does not provide it
 */
export async function openNsfwjs({ model }: PackageLocation): Promise<PackedModelFiles> {
  const { modelJson, weightBundles } = await openBundle(model)
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
