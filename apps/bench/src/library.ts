import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)

/** A package with its installed version, in npm's notation: `onnxruntime-web@1.30.0`. Null if it is not installed. */
export function installedPackage(name: string): string | null {
  // Not every package exports its package.json.
  const file = (require.resolve.paths(name) ?? [])
    .map((folder) => join(folder, name, 'package.json'))
    .find((path) => existsSync(path))
  if (file === undefined) return null
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }
  return `${name}@${version}`
}
