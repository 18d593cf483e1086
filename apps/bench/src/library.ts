import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)

/** A package with the version that is installed here, as npm writes them: `onnxruntime-web@1.30.0`. Null where it is not installed. */
export function installedPackage(name: string): string | null {
  // Not every package lets others name its package.json.
  const file = (require.resolve.paths(name) ?? [])
    .map((folder) => join(folder, name, 'package.json'))
    .find((path) => existsSync(path))
  if (file === undefined) return null
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }
  return `${name}@${version}`
}
