import { MobileNetV2Error } from '@mobilenetv2/spec'

/** In a browser a path is an address relative to the page. */
export async function readLocal(location: string, signal?: AbortSignal, _longest?: number): Promise<Uint8Array> {
  const response = await fetch(location, signal === undefined ? {} : { signal })
  if (!response.ok) throw new Error(`HTTP status ${response.status} ${response.statusText}`.trim())
  return new Uint8Array(await response.arrayBuffer())
}

/** A browser says so by the status of a response. */
export function isMissing(_: unknown): boolean {
  return false
}

/** A browser knows folders only as lists of files. */
export async function folderFiles(_: string): Promise<readonly string[] | null> {
  return null
}

/** A server does not list its folders. */
export async function namesBeside(_: string): Promise<readonly string[] | undefined> {
  return undefined
}

/** The address that a path stands for: in a browser relative to the page, in a worker to the worker's script. */
export function localAddress(path: string): string | null {
  return new URL(path, globalThis.document?.baseURI ?? globalThis.location.href).href
}

/** A browser cannot know which packages are missing before it imports them: none are reported. */
export function missingPackages(_: readonly string[]): string[] {
  return []
}

/** @throws MobileNetV2Error `BACKEND`, always */
export async function importNodePackage<Module>(name: string): Promise<Module> {
  throw new MobileNetV2Error('BACKEND', `${name} runs in Node only.`, { remedy: 'Choose the backend wasm, webgpu or tfjs.' })
}
