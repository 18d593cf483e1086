import { packageMissing } from './optional-package.js'

type IndexPackage = typeof import('@mobilenetv2/index')

/**
 * The optional package `@mobilenetv2/index`.
 * @throws MobileNetV2Error `BACKEND` if it is not installed
 */
export async function importIndex(): Promise<IndexPackage> {
  // LanceDB warns about things that no user of this program can change.
  process.env.LANCEDB_LOG ??= 'error'
  return import('@mobilenetv2/index').catch((cause: unknown) => {
    throw packageMissing('An index of pictures', ['@mobilenetv2/index', '@lancedb/lancedb'], cause)
  })
}
