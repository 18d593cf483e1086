import { MobileNetV2Error, type UnsharedBytes } from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'

/** A browser has no files of its own: `localAddress` gives the address of each path. */
export async function readLocal(location: string): Promise<UnsharedBytes> {
  throw new MobileNetV2Error('SOURCE', 'A browser cannot read a path.', { where: location })
}

/** A browser has no files of its own. */
export async function localSize(_: string): Promise<number | null> {
  return null
}

/** The browser's own: called by another name, `fetch` must still find its window. */
export async function usualFetch(): Promise<typeof fetch> {
  return (input, init) => fetch(input, init)
}

/** A browser writes no paths. */
export async function saveNetwork(_: Network, path: string): Promise<void> {
  throw new MobileNetV2Error('SOURCE', 'A browser cannot write to a path.', {
    where: path,
    remedy: 'Let the user download the bytes that toSafetensors of @mobilenetv2/weights makes of the network.',
  })
}

/** A browser knows folders only as lists of files. */
export async function folderFiles(_: string): Promise<readonly string[] | null> {
  return null
}

/** A server does not list its folders. */
export async function namesBeside(_: string): Promise<readonly string[] | undefined> {
  return undefined
}

/** Whether the cause of an error is that there is no such file. A page asks a server, whose refusal says no more than that. */
export function isAbsentFile(_: unknown): boolean {
  return true
}

/** How a picture's file can be decoded here: a browser's decoders give whole pictures. */
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

/** A browser cannot know which packages are missing before it imports them: none are reported. */
export function missingPackages(_: readonly string[]): string[] {
  return []
}

/** @throws MobileNetV2Error `BACKEND`, always */
export async function importNodePackage<Module>(name: string): Promise<Module> {
  throw new MobileNetV2Error('BACKEND', `${name} runs in Node only.`, { remedy: 'Choose the backend wasm, webgpu or tfjs.' })
}

/** A page has only the optional packages that its bundler was shown. */
export async function importOptional<Module>(name: string): Promise<Module> {
  throw new Error(`this page was not given ${name}`)
}
