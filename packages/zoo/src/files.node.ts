import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { UnsharedBytes } from '@mobilenetv2/spec'
import type { Fetch } from './download/fetch.js'
import { guardRedirects } from './download/redirects.node.js'
import { environmentFetch } from './proxy.node.js'
import { isMissing, unreadableFile } from './store/file-failure.js'
import { createFileStore } from './store/file-store.js'
import type { ModelStore } from './store/store.js'

/** The folder with model files that the environment names, if it does. */
export function modelsFolder(): string | undefined {
  return process.env.MOBILENETV2_MODELS || undefined
}

/** The path of a file in a folder. */
export function pathOf(folder: string, name: string): string {
  return join(folder, name)
}

/**
 * Bytes of the file; null if there is no file of the name.
 * @throws MobileNetV2Error `SOURCE` if that cannot be found out
 */
export async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch((cause) => {
    if (isMissing(cause)) return null
    throw unreadableFile(path, cause)
  })
  return found?.isFile() ? found.size : null
}

/** The file's bytes. */
export async function readModelFile(path: string): Promise<UnsharedBytes> {
  return readFile(path).catch((cause) => {
    throw unreadableFile(path, cause)
  })
}

/** The cache in a folder; unless given, in the one that `MOBILENETV2_CACHE` names, else in the platform's. */
export async function openStore(folder?: string): Promise<ModelStore> {
  return createFileStore(folder)
}

/**
 * `fetch` for all downloads: through the environment's proxy, and not led from a public address to a private one by redirects.
 * @throws MobileNetV2Error `SOURCE` if there is no `fetch`, or if the environment names a proxy that is no address
 */
export async function usualFetch(): Promise<Fetch> {
  return guardRedirects(await environmentFetch())
}

/** How a file can be supplied where it cannot be downloaded, after "one of:". */
export const waysToSupply: readonly string[] = [
  'put the file into a folder and name that in MOBILENETV2_MODELS',
  'download the model on another machine, copy the cache folder, and name the copy in MOBILENETV2_CACHE',
  "give the file's path in place of the model's id",
]

/** Imports an optional package that is installed beside this one. No bundler follows the import. */
export async function importPackage(name: string): Promise<unknown> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ name)
}

/** What to do if the package of a model cannot be imported. */
export const waysToImport = 'npm install nsfwjs@4.4.0, or name another model'
