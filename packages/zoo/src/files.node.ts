import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { UnsharedBytes } from '@mobilenetv2/spec'
import type { Fetch } from './download/fetch.js'
import { guardRedirects } from './download/redirects.node.js'
import { environmentFetch } from './proxy.node.js'
import { isMissing, unreadableFile } from './store/file-failure.js'
import { createFileStore } from './store/file-store.js'
import type { ModelStore } from './store/store.js'

/** The folder of model files that the environment names; undefined if it names none. */
export function modelsFolder(): string | undefined {
  return process.env.MOBILENETV2_MODELS || undefined
}

/** The path of a file in a folder. */
export function pathOf(folder: string, name: string): string {
  return join(folder, name)
}

/**
 * Length of a file; null if there is no file of this name.
 * @throws MobileNetV2Error `SOURCE` if the folder cannot be read
 */
export async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch((cause) => {
    if (isMissing(cause)) return null
    throw unreadableFile(path, cause)
  })
  return found?.isFile() ? found.size : null
}

/** The bytes of a file. */
export async function readModelFile(path: string): Promise<UnsharedBytes> {
  return readFile(path).catch((cause) => {
    throw unreadableFile(path, cause)
  })
}

/** The cache in `folder`. Unless given, it is the folder that `MOBILENETV2_CACHE` names, else the platform's. */
export async function openStore(folder?: string): Promise<ModelStore> {
  return createFileStore(folder)
}

/**
 * The `fetch` that downloads use unless another is given. In Node it goes through the proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`
 * name, and follows no redirect from a public address to a private one. In a browser it is the browser's own.
 * @throws MobileNetV2Error `SOURCE` if there is no `fetch`, or if the environment names a proxy that is not an address
 * @example
 * ```ts
 * import { usualFetch } from '@mobilenetv2/zoo'
 *
 * const fetch = await usualFetch()
 * const response = await fetch('https://example.com/cat.jpg')
 * ```
 */
export async function usualFetch(): Promise<Fetch> {
  return guardRedirects(await environmentFetch())
}

/** What a user can do if a file cannot be downloaded, for an error's remedy. */
export const waysToSupply: readonly string[] = [
  'put the file into a folder, and set MOBILENETV2_MODELS to that folder',
  'download the model on another machine, copy its cache folder, and set MOBILENETV2_CACHE to the copy',
  "give the file's path in place of the model's id",
]

/** Imports an optional package that is installed beside this one. No bundler follows the import. */
export async function importPackage(name: string): Promise<unknown> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ name)
}

/** What to do if the package of a model cannot be imported. */
export const waysToImport = 'npm install nsfwjs@4.4.0, or name another model'
