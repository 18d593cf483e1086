import { MobileNetV2Error } from '@mobilenetv2/spec'
import { modelsFolder, pathOf, readModelFile, sizeOf } from '#files'
import type { ModelLocation } from './entries.js'

type FileLocation = Extract<ModelLocation, { kind: 'file' }>

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function missing({ name, bytes }: FileLocation, got: string): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'The file of a model is not there.', {
    where: name,
    expected: `a file of ${bytes} bytes in the folder that MOBILENETV2_MODELS names`,
    got,
    remedy: `set MOBILENETV2_MODELS to a folder that holds ${name}, or give the path of a checkpoint in place of the model's id`,
  })
}

/** Whether the folder has a file of this name. */
export async function hasModelFile({ name }: FileLocation, folder: string): Promise<boolean> {
  return (await sizeOf(pathOf(folder, name))) !== null
}

/**
 * A model's file from `folder` (unless given, from the one that `MOBILENETV2_MODELS` names), its length checked before it is read
 * and its SHA-256 before it is used.
 * @throws MobileNetV2Error `SOURCE` where the file is not there or another one is.
 */
export async function openModelFile(
  location: FileLocation,
  folder: string | undefined = modelsFolder(),
): Promise<{ bytes: Uint8Array; file: string }> {
  if (folder === undefined) throw missing(location, 'MOBILENETV2_MODELS is not set')
  const file = pathOf(folder, location.name)
  const size = await sizeOf(file)
  if (size === null) throw missing(location, `no such file in ${folder}`)
  const other = (expected: string, got: string): MobileNetV2Error =>
    new MobileNetV2Error('SOURCE', 'A file has the name of a model, but is not that model.', {
      where: file,
      expected,
      got,
      remedy: "replace it by the published file, or give its path in place of the model's id to use it as it is",
    })
  if (size !== location.bytes) throw other(`${location.bytes} bytes`, `${size} bytes`)
  const bytes = await readModelFile(file)
  const sha256 = await sha256Of(bytes)
  if (sha256 !== location.sha256) throw other(`SHA-256 ${location.sha256}`, `SHA-256 ${sha256}`)
  return { bytes, file }
}
