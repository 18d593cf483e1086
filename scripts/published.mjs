import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of this repository. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** The package.json of a folder of a repository. */
export const manifestOf = (folder, from = root) => JSON.parse(readFileSync(join(from, folder, 'package.json'), 'utf8'))

/** The packages that are published: their folders, as `packages/spec`, and their package.json. */
export const published = readdirSync(join(root, 'packages'))
  .map((name) => ({ folder: `packages/${name}`, manifest: manifestOf(`packages/${name}`) }))
  .filter(({ manifest }) => !manifest.private)
