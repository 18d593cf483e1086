import { importOptional } from '#files'

type TfjsPackage = typeof import('@mobilenetv2/tfjs')

let provided: (() => Promise<TfjsPackage>) | null = null

/** Sets what imports the package from now on. A bundler must see that import, and only programs that want TensorFlow.js have it. */
export function provideImporter(importer: () => Promise<TfjsPackage>): void {
  provided = importer
}

/** The optional package `@mobilenetv2/tfjs`. Rejects if it is not installed, or if a page does not provide it. */
export async function importTfjs(): Promise<TfjsPackage> {
  return provided === null ? importOptional<TfjsPackage>('@mobilenetv2/tfjs') : provided()
}
