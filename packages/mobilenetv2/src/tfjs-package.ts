import { importOptional } from '#files'

type TfjsPackage = typeof import('@mobilenetv2/tfjs')

let provided: (() => Promise<TfjsPackage>) | null = null

/**
 * Sets the function that imports the package. Its `import()` is in a module that only programs with TensorFlow.js import, so that other
 * bundles do not contain the package.
 */
export function provideImporter(importer: () => Promise<TfjsPackage>): void {
  provided = importer
}

/** The optional package `@mobilenetv2/tfjs`. Rejects if it is not installed, or if a page does not provide it. */
export async function importTfjs(): Promise<TfjsPackage> {
  return provided === null ? importOptional<TfjsPackage>('@mobilenetv2/tfjs') : provided()
}
