import { MobileNetV2Error, type UnsharedBytes } from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'

/** Always throws: a browser reads addresses only, and `localAddress` turns each path into one. */
export async function readLocal(location: string): Promise<UnsharedBytes> {
  throw new MobileNetV2Error('SOURCE', 'A browser cannot read a path.', { where: location })
}

/** Always null: a browser cannot look at local files. */
export async function localSize(_: string): Promise<number | null> {
  return null
}

/** The browser's own `fetch`. It is wrapped because it must be called as a function of its window. */
export async function usualFetch(): Promise<typeof fetch> {
  return (input, init) => fetch(input, init)
}

/** Always throws: a browser cannot write files. */
export async function saveNetwork(_: Network, path: string): Promise<void> {
  throw new MobileNetV2Error('SOURCE', 'A browser cannot write to a path.', {
    where: path,
    remedy: 'Make the bytes of a file with toSafetensors of @mobilenetv2/weights, and let the user download them.',
  })
}

/** Always null: a browser gets folders only as lists of files. */
export async function folderFiles(_: string): Promise<readonly string[] | null> {
  return null
}

/** Always undefined: a server does not list its folders. */
export async function namesBeside(_: string): Promise<readonly string[] | undefined> {
  return undefined
}

/** Whether an error means that there is no such file. Always true: a page asks a server, whose refusal says nothing more precise. */
export function isAbsentFile(_: unknown): boolean {
  return true
}

/** How a picture's file can be decoded here: a browser's decoders give pictures in full size only. */
export const decodings: readonly ['exact'] = ['exact']

/**
 * The address that a path stands for: in a browser relative to the page, in a worker to the worker's script.
 * @throws MobileNetV2Error `SOURCE` where a script has no address, as on Cloudflare Workers
 */
export function localAddress(path: string): string | null {
  const base = globalThis.document?.baseURI ?? (globalThis.location as Location | undefined)?.href
  if (base !== undefined) return new URL(path, base).href
  throw new MobileNetV2Error('SOURCE', 'There are no files here, and no page that a path could be relative to.', {
    where: path,
    remedy: 'Give a whole URL, or the bytes of the file.',
  })
}

/** Always empty: a browser cannot know whether a package is missing before it imports the package. */
export function missingPackages(_: readonly string[]): string[] {
  return []
}

/** @throws MobileNetV2Error `BACKEND`, always */
export async function importNodePackage<Module>(name: string): Promise<Module> {
  throw new MobileNetV2Error('BACKEND', `${name} runs in Node only.`, { remedy: 'Choose the backend wasm, webgpu or tfjs.' })
}

/** A page has only the optional packages that it provides. */
export async function importOptional<Module>(name: string): Promise<Module> {
  throw new Error(`this page was not given ${name}`)
}
