import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** The bytes of a file; `location` is a path or a `file:` URL. */
export async function readLocal(location: string, signal?: AbortSignal): Promise<Uint8Array> {
  const path = location.startsWith('file:') ? fileURLToPath(location) : location
  const buffer = await readFile(path, { signal })
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

/** The address that a path stands for: none in Node. */
export function localAddress(_path: string): string | null {
  return null
}

const require = createRequire(import.meta.url)

/** Those of the packages that are not installed. */
export function missingPackages(names: readonly string[]): string[] {
  return names.filter((name) => {
    try {
      require.resolve(name)
      return false
    } catch {
      return true
    }
  })
}

/** Imports a package that only Node can run. No bundler sees its name. */
export async function importNodePackage<Module>(name: string): Promise<Module> {
  return (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as Module
}
