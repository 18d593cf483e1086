// Makes many small pictures of some photos, by crops and flips: `node thumbnails.mjs FOLDER-OF-PHOTOS FOLDER COUNT`. The same call makes the
// same pictures.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededValues } from '@mobilenetv2/testing'
import sharp from 'sharp'

/** Pixels of a side. */
const side = 128

/** Makes `count` pictures in a folder. */
export async function makeThumbnails(photos, folder, count) {
  mkdirSync(folder, { recursive: true })
  const names = readdirSync(photos).filter((name) => /\.jpe?g$/i.test(name))
  for (const [place, name] of names.entries()) {
    const { data, info } = await sharp(join(photos, name))
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    const { width, height, channels } = info
    for (let number = place; number < count; number += names.length) {
      const [size, x, y, flip] = seededValues(`thumbnail ${number}`, 4, 0, 1, 1)
      const length = Math.floor((0.5 + size / 2) * Math.min(width, height))
      const [left, top] = [Math.floor(x * (width - length)), Math.floor(y * (height - length))]
      const picture = sharp(data, { raw: { width, height, channels } }).extract({ left, top, width: length, height: length })
      const turned = flip < 0.5 ? picture.flop() : picture
      writeFileSync(join(folder, `${String(number).padStart(6, '0')}.jpg`), await turned.resize(side, side).jpeg().toBuffer())
    }
  }
}
