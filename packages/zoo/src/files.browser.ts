import type { UnsharedBytes } from '@mobilenetv2/spec'
import type { Fetch } from './download/fetch.js'
import { openCacheStore } from './store/cache-store.js'
import type { ModelStore } from './store/store.js'

// A browser has no folder of model files: `modelsFolder` names none and `sizeOf` finds no file, so none is read.

export function modelsFolder(): string | undefined {
  return undefined
}

export function pathOf(folder: string, name: string): string {
  return `${folder}/${name}`
}

export async function sizeOf(_path: string): Promise<number | null> {
  return null
}

export async function readModelFile(path: string): Promise<UnsharedBytes> {
  throw new Error(`a browser cannot read ${path}`)
}

/** The browser's cache of this name, `mobilenetv2` unless given; memory if the browser has no cache. */
export async function openStore(name?: string): Promise<ModelStore> {
  return openCacheStore(name)
}

/** The browser's `fetch`. */
export async function usualFetch(): Promise<Fetch> {
  // A browser's `fetch` fails if it is called as the method of another object.
  return (input, init) => fetch(input, init)
}

export const waysToSupply: readonly string[] = [
  "serve the file beside the page, and give its URL in place of the model's id",
  'let the user choose the file, and give its bytes in place of the id',
  "call prefetchModel while there is a network: it keeps the model in the browser's cache",
]

/** A page has only the packages that it provides. */
export async function importPackage(_name: string): Promise<unknown> {
  throw new Error('this page was not given the package')
}

/** What to do if the package of a model cannot be imported. */
export const waysToImport =
  "npm install nsfwjs@4.4.0, and call provideNsfwjs() of '@mobilenetv2/zoo/nsfwjs' first; or name another model"
